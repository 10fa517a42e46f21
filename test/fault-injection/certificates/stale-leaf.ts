import type { FaultInjection } from '../support/fault-injection.ts';

/** As after a renewal whose result never reached memory: the storage holds another leaf than is served. */
export const fault: FaultInjection = {
  category: 'certificates',
  what: 'Caddy serves an older leaf than it issued last',
  names: /last issued|newest|httpbin/,
  commit: async (bench) => {
    const { edge } = bench.lab.containers;
    const { httpbin, auth } = bench.lab.hosts;
    const stored = (host: string) => `/data/caddy/certificates/edge/${host}/${host}.crt`;
    const copy = (from: string, to: string) => bench.docker(['exec', edge, 'cp', '-p', from, to]);
    await copy(stored(httpbin), `${stored(httpbin)}.kept`);
    await copy(stored(auth), stored(httpbin));
    return () => bench.docker(['exec', edge, 'mv', `${stored(httpbin)}.kept`, stored(httpbin)]);
  },
  extended: true,
  turns: { 'MD-EDGE-012': 'fail EDGE_STALE_CERTIFICATE' },
};
