import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClockSeen, Fact, TimeSync } from '../../ports/host-facts.ts';
import type { ProcessRunner } from '../../ports/process-runner.ts';
import { absent, seen } from './read-fact.ts';

/** @param dirs directories of meshdev; only the files directly in them are looked at */
export async function readClock(dirs: readonly string[]): Promise<Fact<ClockSeen>> {
  const files = (await Promise.all(dirs.map(filesIn))).flat();
  const newest = files.toSorted((a, b) => b.at - a.at)[0];
  return seen({ now: Date.now(), newest });
}

async function filesIn(dir: string): Promise<readonly { readonly path: string; readonly at: number }[]> {
  const names = await readdir(dir).catch(() => []);
  const found = await Promise.all(
    names.map(async (name) => {
      const path = join(dir, name);
      const file = await stat(path).catch(() => undefined);
      return file === undefined ? [] : [{ path, at: file.mtimeMs }];
    }),
  );
  return found.flat();
}

export async function readTimeSync(runner: ProcessRunner, signal: AbortSignal): Promise<Fact<TimeSync>> {
  if ((await runner.find('timedatectl')) === undefined) return absent('there is no timedatectl command');
  const { exitCode, stdout, stderr } = await runner.run('timedatectl', ['show'], {
    allowFailure: true,
    signal,
  });
  if (exitCode !== 0)
    return absent(`timedatectl: ${stderr.trim().split('\n')[0] ?? `exit code ${exitCode}`}`);
  return seen(parseTimeSync(stdout));
}

/** What `timedatectl show` prints. Pure. */
export function parseTimeSync(text: string): TimeSync {
  const says = (name: string): boolean => new RegExp(`^${name}=yes$`, 'm').test(text);
  return { synchronized: says('NTPSynchronized'), enabled: says('NTP') };
}
