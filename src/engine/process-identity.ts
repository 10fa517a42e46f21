import { readFile } from 'node:fs/promises';
import { kill } from 'node:process';
import { hasCode } from '../errors/system-error.ts';

/** What tells a process from a later one that was given the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks between boot and the start of the process. */
  readonly startTicks: number;
}

/** A process as /proc shows it. */
export interface SeenProcess extends ProcessIdentity {
  /** Name of the program, cut at 15 characters by the kernel. */
  readonly name: string;
  /** Z is a zombie: ended, only not yet collected by its parent. */
  readonly state: string;
  readonly argv: readonly string[];
  readonly parent: number;
  /** Process that began the session; a daemon begins its own, and what it starts stays in it. */
  readonly session: number;
}

/** @returns undefined when no such process runs (or this is not Linux). */
export async function readProcess(pid: number): Promise<SeenProcess | undefined> {
  const [stat, cmdline] = await Promise.all([readProc(pid, 'stat'), readProc(pid, 'cmdline')]);
  if (stat === undefined || cmdline === undefined) return undefined;
  return parseProcess(pid, stat, cmdline);
}

/** Pure part of {@link readProcess}: /proc/PID/stat and /proc/PID/cmdline. */
export function parseProcess(pid: number, stat: string, cmdline: string): SeenProcess | undefined {
  // The name is in brackets and may itself hold spaces and brackets: count from the last one.
  const [head, tail] = [stat.slice(0, stat.lastIndexOf(')')), stat.slice(stat.lastIndexOf(')') + 2)];
  const fields = tail.split(' ');
  const state = fields[0];
  const [parent = 0, session = 0, startTicks] = [1, 3, 19].map((at) => Number(fields[at]));
  if (state === undefined || startTicks === undefined || !Number.isInteger(startTicks)) return undefined;
  const argv = cmdline.split('\0').filter((part) => part !== '');
  return { pid, startTicks, name: head.slice(head.indexOf('(') + 1), state, argv, parent, session };
}

export function isRunning(seen: SeenProcess | undefined): seen is SeenProcess {
  return seen !== undefined && seen.state !== 'Z' && seen.state !== 'X';
}

/** The start of a process on a system that does not tell it (macOS): its number has to do. */
export const NO_START = 0;

/** True when the process that was once seen is the one that runs under this number now. */
export async function isSameProcess(identity: ProcessIdentity): Promise<boolean> {
  if (identity.startTicks === NO_START) return isAlive(identity.pid);
  const seen = await readProcess(identity.pid);
  return isRunning(seen) && seen.startTicks === identity.startTicks;
}

/** Signal 0 only asks; a process of another user may not even be asked, and so it is there. */
function isAlive(pid: number): boolean {
  try {
    return kill(pid, 0);
  } catch (error) {
    return hasCode(error, 'EPERM');
  }
}

async function readProc(pid: number, file: string): Promise<string | undefined> {
  try {
    return await readFile(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return undefined;
  }
}
