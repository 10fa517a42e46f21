import type { ServiceEvidenceMap } from '../../../../src/evidence/service-evidence.ts';
import type { ServiceCellSeen } from '../../../../src/evidence/services/service-cells.ts';
import type { ServicePod } from '../../../../src/evidence/services/service-pods.ts';
import type { PodWire } from '../../../../src/evidence/services/service-wire.ts';
import type { FilterChain, ProxySeen } from '../../../../src/evidence/proxies.ts';
import type { TracedRequest } from '../../../../src/evidence/traced-request.ts';
import type { ProxyRecord } from '../../../../src/records/proxy-record.ts';

export type Found = ServiceEvidenceMap;
export type Break = (found: Found) => Found;

/** What was broken, the cases that turn (`check` or `check[case]`) with their kind and code, and words of the first. */
export type Row = readonly [
  what: string,
  broken: Break,
  turned: Readonly<Record<string, string>>,
  words?: string,
  /** Cells that were not sent turn too, all of them. */
  unsent?: string,
];

const lastPod = <T>(all: readonly T[], change: (one: T) => T): readonly T[] =>
  all.map((one, at) => (at === all.length - 1 ? change(one) : one));

/** Only the second of the two pods is broken: the first must not hide it. */
export const atPod =
  (change: (pod: ServicePod) => ServicePod): Break =>
  (found) => ({
    ...found,
    'service.pods': { ...found['service.pods'], pods: lastPod(found['service.pods'].pods, change) },
  });

export const atWire =
  (change: (pod: PodWire) => Partial<PodWire>): Break =>
  (found) => ({
    ...found,
    'service.wire': lastPod(found['service.wire'], (pod) => ({ ...pod, ...change(pod) })),
  });

export const atProxy =
  (change: (proxy: ProxySeen) => Partial<ProxySeen>): Break =>
  (found) => {
    const own = lastPod(found['service.proxies'].own, (proxy) => ({ ...proxy, ...change(proxy) }));
    return { ...found, 'service.proxies': { ...found['service.proxies'], own, all: own } };
  };

export const atChain = (change: (chain: FilterChain) => Partial<FilterChain>): Break =>
  atProxy(({ listeners }) => ({
    listeners: listeners.map((listener) => ({
      ...listener,
      chains: listener.chains.map((chain) => ({ ...chain, ...change(chain) })),
    })),
  }));

export const atControl =
  (change: (traced: TracedRequest) => Partial<TracedRequest>): Break =>
  (found) => {
    const control = found['service.control'];
    return control === undefined
      ? found
      : { ...found, 'service.control': { ...control, ...change(control) } };
  };

export const recorded =
  (component: 'gateway' | 'sidecar', more: ProxyRecord) =>
  (traced: TracedRequest): Partial<TracedRequest> => ({ [component]: { ...traced[component], ...more } });

export const atToken =
  (id: string, change: (traced: TracedRequest) => Partial<TracedRequest>): Break =>
  (found) => ({
    ...found,
    'service.tokens': found['service.tokens'].map((each) =>
      each.case.id === id ? { ...each, ...change(each) } : each,
    ),
  });

export const atCell =
  (id: string, change: (seen: ServiceCellSeen) => ServiceCellSeen): Break =>
  (found) => ({
    ...found,
    'service.cells': found['service.cells'].map((each) => (each.cell.id === id ? change(each) : each)),
  });

const passed = { status: '200', response_code_details: 'via_upstream' };

/** A request that should have been refused was handed to the app. */
export const reached = (traced: TracedRequest): Partial<TracedRequest> => ({
  status: 200,
  ...recorded('sidecar', passed)(traced),
});
