import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { must } from '../../support/e2e-program.ts';
import type { Restore } from './fault-injection.ts';

const HOSTS = '/etc/hosts';

/** One more line in this machine's hosts file, which itself stays as it is: another one lies over it for a while. */
export async function addHostsLine(line: string): Promise<Restore> {
  const dir = await mkdtemp(join(tmpdir(), 'meshdev-hosts-'));
  const other = join(dir, 'hosts');
  await writeFile(other, `${await readFile(HOSTS, 'utf8')}\n${line}\n`, { mode: 0o644 });
  await must('mount', ['--bind', other, HOSTS]);
  return async () => {
    await must('umount', [HOSTS]);
    await rm(dir, { recursive: true });
  };
}
