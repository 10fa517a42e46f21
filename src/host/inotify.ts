import { readFile } from 'node:fs/promises';

/** How many inotify instances a user may have, those of all nodes together; undefined where nothing limits them. */
export async function inotifyInstances(): Promise<number | undefined> {
  const text = await readFile('/proc/sys/fs/inotify/max_user_instances', 'utf8').catch(() => '');
  const limit = Number.parseInt(text, 10);
  return Number.isNaN(limit) ? undefined : limit;
}
