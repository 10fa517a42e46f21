import { readFileSync } from 'node:fs';

/** Kernel ticks per second; the same on every Linux that Node.js runs on. */
const TICKS = 100;

/**
 * Seconds that all cores together were busy since the machine started: user, nice, system, irq, softirq
 * and steal of /proc/stat. Whoever else works on the machine is in it.
 */
export function machineSeconds(): number {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = line
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user + nice + system + irq + softirq + steal) / TICKS;
}

/**
 * CPU seconds of the children of this process that have ended, and of theirs. What the container
 * engine does for them is not in it: that is work of its own processes.
 */
export function childSeconds(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  // The name in parentheses may hold spaces; cutime and cstime are fields 16 and 17.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) / TICKS;
}
