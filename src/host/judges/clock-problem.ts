import { MeshdevError } from '../../errors/meshdev-error.ts';

/** No version of meshdev is older: a clock before this time is wrong. */
const FIRST_RELEASE = Date.UTC(2026, 0, 1);

/** Tokens and certificates are refused beyond this: the validators of Istio allow 60 s of skew. */
const MOST_SKEW_MS = 60_000;

/** @param now milliseconds since the epoch. Pure. */
export function clockProblem(now: number): MeshdevError | undefined {
  if (now >= FIRST_RELEASE) return undefined;
  return new MeshdevError('HOST_NOT_FIT', {
    message: `reading the clock: it says ${new Date(now).toISOString()}, which is before meshdev was released; every certificate would be issued in the past`,
    remedies: ['sudo timedatectl set-ntp true', `sudo date --utc --set 'YYYY-MM-DD HH:MM:SS'`],
  });
}

/**
 * How far the clock of the engine is ahead of this machine's, in milliseconds; negative when it is behind. 0 while
 * its answer fits between question and answer. Pure.
 */
export function skewOf(systemTime: string, askedAt: number, answeredAt: number): number {
  const engine = Date.parse(systemTime);
  if (Number.isNaN(engine)) return 0;
  if (engine < askedAt) return engine - askedAt;
  return engine > answeredAt ? engine - answeredAt : 0;
}

/** @param skewMs as {@link skewOf} says it. Pure. */
export function skewProblem(skewMs: number): MeshdevError | undefined {
  if (Math.abs(skewMs) <= MOST_SKEW_MS) return undefined;
  return new MeshdevError('ENGINE_NOT_FIT', {
    message: `comparing clocks: that of the engine is ${skewText(skewMs)}; tokens and certificates would be refused`,
    remedies: SKEW_REMEDIES,
  });
}

export const SKEW_REMEDIES: readonly string[] = [
  'sudo timedatectl set-ntp true',
  'restart the virtual machine of the engine, such as Docker Desktop: its clock stops while the machine sleeps',
];

export function skewText(skewMs: number): string {
  return `${(Math.abs(skewMs) / 1000).toFixed(1)} s ${skewMs < 0 ? 'behind' : 'ahead'}`;
}
