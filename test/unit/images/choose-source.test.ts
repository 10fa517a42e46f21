import { describe, expect, it } from 'vitest';
import { chooseSource, type SourceOffer } from '../../../src/images/choose-source.ts';
import type { SourceKind } from '../../../src/ports/image-source.ts';

function offer(kind: SourceKind, against?: string, looked: string[] = []): SourceOffer {
  return {
    kind,
    against: async () => {
      looked.push(kind);
      return against;
    },
  };
}

describe('chooseSource', () => {
  it('takes the first usable one, says what is against those before it, and looks no further', async () => {
    const looked: string[] = [];
    const offers = [
      offer('bundle', 'none is configured', looked),
      offer('registry', undefined, looked),
      offer('packages', undefined, looked),
    ];
    expect(await chooseSource({}, offers)).toEqual({
      kind: 'registry',
      because: 'bundle: none is configured',
    });
    expect(looked).toEqual(['bundle', 'registry']);
  });

  it('takes what was asked for, names who asked, and asks nobody', async () => {
    const looked: string[] = [];
    const asked = { kind: 'registry', origin: '--mirror' } as const;
    const recorded = { kind: 'packages', because: 'registry: does not answer' } as const;
    expect(await chooseSource({ asked, recorded }, [offer('registry', 'x', looked)])).toEqual({
      kind: 'registry',
      because: 'selected by --mirror',
    });
    expect(looked).toEqual([]);
  });

  it('stays with what the lab was made from, with the reason of then', async () => {
    const recorded = { kind: 'packages', because: 'registry: does not answer' } as const;
    const looked: string[] = [];
    expect(await chooseSource({ recorded }, [offer('registry', undefined, looked)])).toBe(recorded);
    expect(looked).toEqual([]);
  });

  it('names everything that is against every one', async () => {
    const offers = [offer('registry', 'does not answer'), offer('packages', 'not root')];
    await expect(chooseSource({}, offers)).rejects.toThrow(/registry: does not answer; packages: not root/);
  });
});
