import type { EvidenceMap } from '../../src/evidence/evidence-map.ts';
import type { WireResult } from '../../src/evidence/wire-result.ts';
import type { ShotRequest } from '../../src/evidence/corpora.ts';
import { CLAIMED } from '../../src/cases/headers/header-case.ts';
import { servedByApp } from './break-corpora.ts';
import { type Break, served } from './break-evidence.ts';

/*
 * Corpora of forgeries, every one of them accepted at once by whoever has to refuse it. What is judged case by
 * case has to fail case by case.
 */

type RequestsKey = 'path.walks' | 'host.walks' | 'rbac.matrix';

export const ACCEPTED: Readonly<Record<string, Break>> = {
  'claims in headers': headers,
  'requests that two servers may read otherwise': framing,
  paths: reached('path.walks'),
  hosts: reached('host.walks'),
  'the matrix of access': reached('rbac.matrix'),
  preflights: (all) => ({ ...all, preflights: mapped(all.preflights, servedByApp) }),
  'forged tokens': (all) => ({
    ...all,
    'token.walks': all['token.walks'].map((one) => ({ ...one, ...served(one) })),
  }),
  'ways to deliver a token': (all) => ({
    ...all,
    'token.deliveries': all['token.deliveries'].map((one) => ({ ...one, ...served(one) })),
  }),
  'bad servers in the place of the edge': badEdges,
  'bad servers in the place of the gateway': badServers('gateway.twins'),
  'bad servers in the place of the app': badServers('sidecar.twins'),
  'bad issuers': badIssuers,
  'clients of the gateway with a bad certificate': (all) => ({
    ...all,
    'gateway.wire': { ...all['gateway.wire'], forged: answered(all['gateway.wire'].forged) },
  }),
  'clients of a sidecar with a bad certificate, without one, and of an old TLS': (all) => ({
    ...all,
    'sidecar.wire': {
      ...all['sidecar.wire'],
      forged: answered(all['sidecar.wire'].forged),
      uncertified: mapped(all['sidecar.wire'].uncertified, () => ANSWERED),
      tls12: mapped(all['sidecar.wire'].tls12, () => ANSWERED),
    },
  }),
  'what the edge has to answer by itself': (all) => ({
    ...all,
    'edge.own': all['edge.own'].map((one) => ({ ...one, wire: ANSWERED, isBehind: true })),
  }),
  'ways around the chain': (all) => ({
    ...all,
    bypass: { ...all.bypass, ports: answered(all.bypass.ports), tried: answered(all.bypass.tried) },
  }),
};

/** The far end answered as it does to an honest client. */
const ANSWERED: WireResult = {
  ended: 'data',
  connected: true,
  status: 200,
  peerChain: [],
  headers: {},
  body: 'ok',
};

const CLAIM = { 'x-claim': [CLAIMED] };

/** What is to be stripped arrives, what is to be refused is answered, what is tolerated makes two requests of one. */
function headers(all: EvidenceMap): EvidenceMap {
  const found = all['header.walks'];
  const walks = found.requests.map((one) => {
    switch (one.case.outcome) {
      case 'refused':
      case 'denied':
        return { ...one, ...servedByApp(one) };
      case 'tolerated':
        return { ...one, appTimes: 2 };
      case 'clean':
        return { ...one, echo: { ...one.echo, headers: { ...one.echo?.headers, ...CLAIM } } };
    }
  });
  const pods = found.pods.map((one) => ({ ...one, echo: { headers: CLAIM } }));
  return { ...all, 'header.walks': { ...found, requests: walks, pods } };
}

/** A hidden request more arrives than any component knows of; what is to be refused is answered. */
function framing(all: EvidenceMap): EvidenceMap {
  const walks = all['framing.walks'].map((one) =>
    one.case.outcome.kind === 'judged'
      ? { ...one, hiddenTimes: one.hiddenAtEdge + 2 }
      : { ...one, ...servedByApp(one) },
  );
  return { ...all, 'framing.walks': walks };
}

function reached(key: RequestsKey): Break {
  const byApp = <T extends ShotRequest>(walks: readonly T[]) =>
    walks.map((one) => ({ ...one, ...servedByApp(one) }));
  return (all) => {
    switch (key) {
      case 'path.walks':
        return { ...all, [key]: byApp(all[key]) };
      case 'host.walks':
        return { ...all, [key]: byApp(all[key]) };
      case 'rbac.matrix':
        return { ...all, [key]: byApp(all[key]) };
    }
  };
}

function badEdges(all: EvidenceMap): EvidenceMap {
  const decoys = all['edge.twins'];
  const probes = decoys.probes.map((probe) => ({
    ...probe,
    opinions: probe.opinions.map((one) => ({ ...one, accepted: true, said: 'data' })),
  }));
  return { ...all, 'edge.twins': { ...decoys, probes } };
}

function badServers(key: 'gateway.twins' | 'sidecar.twins'): Break {
  const seen = { connections: 1, requests: 1 };
  return (all) => ({
    ...all,
    [key]: { ...all[key], probes: all[key].probes.map((probe) => ({ ...probe, seen })) },
  });
}

function badIssuers(all: EvidenceMap): EvidenceMap {
  const decoys = all['issuer.twins'];
  return {
    ...all,
    'issuer.twins': { ...decoys, probes: decoys.probes.map((probe) => ({ ...probe, keyTaken: true })) },
  };
}

function answered<T extends { readonly wire: WireResult }>(probes: readonly T[]): readonly T[] {
  return probes.map((probe) => ({ ...probe, wire: ANSWERED }));
}

function mapped<T extends object>(record: T, change: (value: T[keyof T]) => T[keyof T]): T {
  const changed = { ...record };
  for (const key of keysOf(record)) changed[key] = change(record[key]);
  return changed;
}

function keysOf<T extends object>(record: T): readonly (keyof T)[] {
  const isKey = (key: string): key is Extract<keyof T, string> => key in record;
  return Object.keys(record).filter(isKey);
}
