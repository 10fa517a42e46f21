import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { doneBefore, openResults, renderTable, type Result } from '../../fault-injection/support/results.ts';

const RIGHT: Result = {
  name: 'mesh/permissive.ts',
  digest: 'd1',
  category: 'mesh',
  what: 'PERMISSIVE',
  isRight: true,
  turned: ['MD-MESH-005[httpbin] fail MESH_NOT_STRICT (a | b)'],
  wrong: [],
  transient: ['MD-WRK-001 unknown NO_RECORD'],
  mayTurn: ['MD-WRK-001', 'MD-EXPO-010'],
  mayTurnSeen: ['MD-EXPO-010'],
  reports: 2,
  seconds: 31.26,
};
const WRONG: Result = {
  ...RIGHT,
  name: 'edge/other-ca.ts',
  what: 'another CA',
  isRight: false,
  wrong: ['MD-EGW-002 was not named'],
  transient: [],
  mayTurn: [],
  mayTurnSeen: [],
};

describe('results of fault injections', () => {
  let dir: string;
  beforeAll(async () => (dir = await mkdtemp(join(tmpdir(), 'meshdev-results-'))));
  afterAll(() => rm(dir, { recursive: true }));

  it('are in the file as each module ends, and are found again by a run that goes on', async () => {
    const file = join(dir, 'kept.jsonl');
    const first = await openResults(file, false);
    await first.add(RIGHT);
    await first.add(WRONG);
    // As a run leaves it that was killed while it wrote.
    await writeFile(file, `${await readFile(file, 'utf8')}{"name":"half`);
    expect((await openResults(file, true)).all()).toEqual([RIGHT, WRONG]);
    expect(await readFile(join(dir, 'kept.md'), 'utf8')).toBe(renderTable([WRONG, RIGHT]));
    expect((await openResults(file, false)).all()).toEqual([]);
  });

  it('need not be had again where this code was right, and where nothing else was said since', () => {
    const digests = new Map([
      [RIGHT.name, 'd1'],
      [WRONG.name, 'd1'],
    ]);
    expect([...doneBefore([RIGHT, WRONG], digests)]).toEqual([RIGHT.name]);
    expect([...doneBefore([RIGHT, { ...RIGHT, isRight: false }], digests)]).toEqual([]);
    expect([...doneBefore([{ ...RIGHT, digest: 'of other code' }], digests)]).toEqual([]);
  });

  it('are a table that counts what may turn and tells what was wrong', () => {
    expect(renderTable([WRONG, RIGHT])).toBe(`| category | sabotage | | verdicts that turned | reports | s |
| --- | --- | --- | --- | --- | --- |
| mesh | another CA | WRONG | MD-MESH-005[httpbin] fail MESH_NOT_STRICT (a \\| b) | 2 | 31.3 |
| mesh | PERMISSIVE | as named | MD-MESH-005[httpbin] fail MESH_NOT_STRICT (a \\| b) | 2 | 31.3 |

2 modules, 1 as named.

## Wrong

- edge/other-ca.ts: MD-EGW-002 was not named

## May turn and need not: 2 names in 1 modules

- mesh/permissive.ts: MD-WRK-001, did not turn
- mesh/permissive.ts: MD-EXPO-010, turned

## Turned for a moment, unnamed

- mesh/permissive.ts: MD-WRK-001 unknown NO_RECORD
`);
  });
});
