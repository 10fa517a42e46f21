import type { IncomingHttpHeaders } from 'node:http';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { Endpoint } from './endpoint.ts';
import { PassingFault } from './failures.ts';

/** A registry that lets no more be pulled for a while: asked again too early, it only waits longer. */
export class Limited extends PassingFault {
  /** Undefined: it does not say. */
  readonly waitMs: number | undefined;

  constructor(settled: MeshdevError, waitMs: number | undefined) {
    super(settled);
    this.waitMs = waitMs;
  }
}

export interface LimitSeen {
  readonly endpoint: Pick<Endpoint, 'host'>;
  readonly headers: IncomingHttpHeaders;
  /** The registry's own words, in brackets, or nothing. */
  readonly said: string;
  /** What helps, beside waiting. */
  readonly ways: readonly string[];
}

export function limited(doing: string, { endpoint, headers, said, ways }: LimitSeen): Limited {
  const waitMs = waitOf(headers, Date.now());
  const limit = limitOf(headers);
  const wait = waitMs === undefined ? 'does not report for how long' : `asks to wait ${waitMs / 1000} s`;
  return new Limited(
    new MeshdevError('REGISTRY_LIMIT', {
      message: `${doing}: ${endpoint.host} limits pulls${limit === undefined ? '' : ` to ${limit}`} and ${wait}${said}`,
      remedies: [...ways, 'meshdev up'],
      details: { status: 429 },
    }),
    waitMs,
  );
}

/** A registry counts pulls by user, else by address; a mirror counts for itself. Pure. */
export function waysAround({ host }: Pick<Endpoint, 'host'>, known: boolean): readonly string[] {
  const login = known ? [] : [`docker login ${host}`];
  return [...login, 'meshdev up --mirror registry.example.com'];
}

/** `Retry-After`, in seconds or as a date; at least a second. Pure. */
export function waitOf(headers: IncomingHttpHeaders, now: number): number | undefined {
  const text = headers['retry-after'] ?? '';
  const seconds = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - now) / 1000;
  return Number.isNaN(seconds) ? undefined : Math.max(1, Math.ceil(seconds)) * 1000;
}

/** Docker Hub: `ratelimit-limit: 100;w=21600`. Pure. */
export function limitOf(headers: IncomingHttpHeaders): string | undefined {
  const text = headers['ratelimit-limit'];
  const [, count, window] = /^(\d+)(?:\s*;\s*w=(\d+))?/.exec(typeof text === 'string' ? text : '') ?? [];
  if (count === undefined) return undefined;
  return window === undefined ? count : `${count} in ${durationOf(Number(window))}`;
}

function durationOf(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600} h`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}
