import type { Problem } from '../problem.ts';

/** Ports of the container that a compose service names, in its order. */
export interface TakenPorts {
  readonly targets: readonly number[];
  readonly problems: readonly Problem[];
}

const RANGE = 'is a range: one port for each entry';
const UDP = 'is UDP: the mesh forwards TCP only';

/** `8080`, `8080:80`, `127.0.0.1:8080:80/tcp`, or the long form with `target`. */
export function takePorts(value: unknown, path: Problem['path']): TakenPorts {
  const entries: readonly unknown[] = Array.isArray(value) ? value : [];
  const read = entries.map((entry, at) => ({ path: [...path, at], ...readPort(entry) }));
  return {
    targets: [...new Set(read.flatMap(({ target }) => (target === undefined ? [] : [target])))],
    problems: read.flatMap(({ path: where, message }) =>
      message === undefined ? [] : [{ path: where, message }],
    ),
  };
}

function readPort(entry: unknown): { readonly target?: number; readonly message?: string } {
  if (typeof entry === 'object' && entry !== null) {
    const given: Readonly<Record<string, unknown>> = { ...entry };
    if (given['protocol'] === 'udp') return { message: UDP };
    return readPort(given['target']);
  }
  const [address = '', protocol] = String(entry).split('/');
  if (protocol === 'udp') return { message: UDP };
  const container = address.split(':').at(-1) ?? '';
  if (container.includes('-')) return { message: RANGE };
  return /^\d+$/.test(container)
    ? { target: Number(container) }
    : { message: 'needs a port of the container' };
}

/** Ports of protocols that are not HTTP, as their projects chose them. */
const NOT_HTTP: ReadonlySet<number> = new Set([
  1433, 1521, 1883, 2181, 3306, 4222, 5432, 5672, 6379, 9042, 9092, 11_211, 27_017,
]);

export function isHttp(port: number): boolean {
  return !NOT_HTTP.has(port);
}
