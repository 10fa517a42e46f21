import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { runProgram } from '../../../src/cli/program.ts';
import { silentCli } from '../../support/silent-cli.ts';

async function listed(...argv: readonly string[]): Promise<readonly string[]> {
  let said = '';
  const cli = {
    ...silentCli({ env: {}, cwd: tmpdir(), signal: new AbortController().signal }),
    out: (text: string) => {
      said += text;
    },
  };
  expect(await runProgram(['check', '--list', ...argv], cli)).toBe(0);
  return said.split('\n').flatMap((line) => /^MD-\S+/.exec(line)?.[0] ?? []);
}

describe('check --list', () => {
  it('lists what would be judged, without what is left out', async () => {
    const all = await listed();
    expect(all.length).toBeGreaterThanOrEqual(90);
    const kept = await listed('--skip', 'rbac', '--skip', 'MD-EDGE-007');
    const left = all.filter((id) => !kept.includes(id));
    expect(left).toContain('MD-EDGE-007');
    const rbac = (id: string): boolean => id.startsWith('MD-RBAC-');
    expect(left.filter(rbac)).toEqual(all.filter(rbac));
  });
});
