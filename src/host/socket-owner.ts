import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import type { SocketOwner } from '../ports/host-facts.ts';
import { loopbackListeners, parseProcNetTcp, type ListeningSocket } from './proc-net.ts';

/**
 * The process that listens on a loopback port.
 * @returns undefined when nobody does, or when it is another user's and we may not see its files.
 */
export async function findSocketOwner(port: number): Promise<SocketOwner | undefined> {
  const inodes = new Set((await loopbackSockets(port)).map((socket) => `socket:[${socket.inode}]`));
  if (inodes.size === 0) return undefined;
  for (const pid of await processIds()) {
    if (await holdsOneOf(pid, inodes)) return { pid, program: await programOf(pid) };
  }
  return undefined;
}

async function loopbackSockets(port: number): Promise<readonly ListeningSocket[]> {
  const tables = await Promise.all(
    ['/proc/net/tcp', '/proc/net/tcp6'].map((path) => readFile(path, 'utf8').catch(() => '')),
  );
  return loopbackListeners(tables.flatMap(parseProcNetTcp), port);
}

async function processIds(): Promise<readonly number[]> {
  const names = await readdir('/proc').catch(() => []);
  return names.filter((name) => /^\d+$/.test(name)).map(Number);
}

async function holdsOneOf(pid: number, inodes: ReadonlySet<string>): Promise<boolean> {
  const dir = `/proc/${pid}/fd`;
  const descriptors = await readdir(dir).catch(() => []);
  const links = await Promise.all(descriptors.map((name) => readlink(`${dir}/${name}`).catch(() => '')));
  return links.some((link) => inodes.has(link));
}

/** By its file: runtimes such as Node.js call their main thread otherwise than their program. */
async function programOf(pid: number): Promise<string> {
  const file = await readlink(`/proc/${pid}/exe`).catch(() => undefined);
  if (file !== undefined) return basename(file.replace(/ \(deleted\)$/, ''));
  return (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => 'a program')).trim();
}
