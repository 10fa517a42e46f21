import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { must } from '../../support/e2e-program.ts';
import type { Sabotage } from '../support/sabotage.ts';

const HOSTS = '/etc/hosts';

export const sabotage: Sabotage = {
  category: 'names',
  what: 'a hosts line of this machine sends the app’s name elsewhere',
  commit: async ({ lab }) => {
    const dir = await mkdtemp(join(tmpdir(), 'meshdev-hosts-'));
    const other = join(dir, 'hosts');
    await writeFile(other, `${await readFile(HOSTS, 'utf8')}\n203.0.113.7 ${lab.hosts.httpbin}\n`, {
      mode: 0o644,
    });
    // The file itself stays as it is: another one lies over it for a while.
    await must('mount', ['--bind', other, HOSTS]);
    return async () => {
      await must('umount', [HOSTS]);
      await rm(dir, { recursive: true });
    };
  },
  extended: true,
  turns: { 'MD-NAME-001': 'fail NAME_NOT_LOOPBACK' },
};
