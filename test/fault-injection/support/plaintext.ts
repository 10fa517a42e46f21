import type { Bench } from './bench.ts';
import { addObject } from './cluster.ts';
import type { Restore } from './fault-injection.ts';

/** Somebody's DestinationRule: whoever reads it speaks to these hosts without TLS. */
export function switchTlsOff(bench: Bench, namespace: string, host: string): Promise<Restore> {
  return addObject(bench, {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { name: 'sabotage-plain', namespace },
    spec: { host, trafficPolicy: { tls: { mode: 'DISABLE' } } },
  });
}
