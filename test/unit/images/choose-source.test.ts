import { describe, expect, it } from 'vitest';
import { chooseSource, SOURCE_OFFERS } from '../../../src/images/choose-source.ts';

describe('chooseSource', () => {
  it('takes the first usable one and says what is against those before it', () => {
    const offers = [{ kind: 'registry', unusable: 'does not answer' }, { kind: 'packages' }] as const;
    expect(chooseSource(undefined, offers)).toEqual({
      kind: 'packages',
      because: 'registry: does not answer',
    });
  });

  it('takes what was asked for, and names who asked', () => {
    const asked = { kind: 'packages', origin: '--image-source' } as const;
    expect(chooseSource(asked, SOURCE_OFFERS)).toEqual({
      kind: 'packages',
      because: 'asked for by --image-source',
    });
  });

  it('never falls back from what was asked for', () => {
    const asked = { kind: 'registry', origin: 'meshdev.yaml' } as const;
    expect(() => chooseSource(asked, SOURCE_OFFERS)).toThrow(/asked for by meshdev.yaml.*registry/);
  });
});
