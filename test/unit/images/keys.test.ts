import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, keyOf, stageKeys } from '../../../src/images/packages/keys.ts';
import { stage } from './stages-fixture.ts';

describe('canonical JSON', () => {
  it('does not depend on the order of names', () => {
    expect(canonicalJson({ b: [1, { d: null, c: 'x' }], a: true })).toBe(
      '{"a":true,"b":[1,{"c":"x","d":null}]}',
    );
  });

  it('is JSON that means the same', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean())), (value) => {
        const text = canonicalJson(value);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(Object.fromEntries(Object.entries(value).toReversed()))).toBe(text);
      }),
    );
  });
});

describe('stage keys', () => {
  const chain = (version: string) => [
    stage('go', { version }),
    stage('other'),
    stage('image', { needs: ['go'] }),
    stage('node', { needs: ['image', 'other'] }),
  ];

  it('are sixteen hexadecimal digits', () => {
    expect(keyOf({ any: 'thing' })).toMatch(/^[0-9a-f]{16}$/);
  });

  it('change for a stage whose pin changed and for its dependents, and for nothing else', () => {
    const [before, after] = [stageKeys(chain('1'), 'amd64'), stageKeys(chain('2'), 'amd64')];
    const changed = [...before.keys()].filter((id) => before.get(id) !== after.get(id));
    expect(changed).toEqual(['go', 'image', 'node']);
  });

  it('differ between machine types', () => {
    const [amd, arm] = [stageKeys(chain('1'), 'amd64'), stageKeys(chain('1'), 'arm64')];
    expect([...amd].filter(([id, key]) => arm.get(id) === key)).toEqual([]);
  });

  it('refuse a stage that comes before what it needs', () => {
    expect(() => stageKeys([stage('image', { needs: ['go'] }), stage('go')], 'amd64')).toThrow(
      /image needs go/,
    );
  });
});
