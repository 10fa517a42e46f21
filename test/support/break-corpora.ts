import type { Continuity, HeaderRequests, ShotRequest } from '../../src/evidence/corpora.ts';
import type { Break } from './break-evidence.ts';

type Corpus = 'framing.walks' | 'path.walks' | 'host.walks' | 'rbac.matrix';
export type Change = (traced: ShotRequest) => ShotRequest;

export function header(id: string, change: Change): Break {
  return headerRequests((found) => ({
    ...found,
    requests: found.requests.map((one) => (one.case.id === id ? { ...one, ...change(one) } : one)),
  }));
}

function headerRequests(change: (found: HeaderRequests) => HeaderRequests): Break {
  return (all) => ({ ...all, 'header.walks': change(all['header.walks']) });
}

export function pods(value: string): Break {
  return headerRequests((found) => ({
    ...found,
    pods: found.pods.map((one) => ({ ...one, echo: { headers: { 'x-forwarded-client-cert': [value] } } })),
  }));
}

/** One of the sites only: the other one still does. */
export function strips(name: string): Break {
  return headerRequests((found) => ({
    ...found,
    stripped: found.stripped.filter((one, at) => one !== name || at > found.stripped.indexOf(name)),
  }));
}

/** Of the headers that have to arrive. */
export function passing(change: Change): Break {
  return headerRequests((found) => ({
    ...found,
    passing: { ...found.passing, traced: change(found.passing.traced) },
  }));
}

export function authorization(seen: readonly string[] | undefined): Break {
  return headerRequests(({ authorization: { sent, traced }, ...found }) => {
    const { authorization: _, ...echo } = traced.echo ?? { headers: {} };
    return {
      ...found,
      authorization: {
        sent,
        traced: { ...traced, echo: seen === undefined ? echo : { ...echo, authorization: seen } },
      },
    };
  });
}

export function corpus(key: Corpus, id: string, change: Change): Break {
  const changed = <T extends ShotRequest & { readonly case: { readonly id: string } }>(walks: readonly T[]) =>
    walks.map((one) => (one.case.id === id ? { ...one, ...change(one) } : one));
  return (all) => {
    switch (key) {
      case 'framing.walks':
        return { ...all, [key]: changed(all[key]) };
      case 'path.walks':
        return { ...all, [key]: changed(all[key]) };
      case 'host.walks':
        return { ...all, [key]: changed(all[key]) };
      case 'rbac.matrix':
        return { ...all, [key]: changed(all[key]) };
    }
  };
}

export function continuity(change: (one: Continuity) => Continuity): Break {
  return (all) => ({ ...all, continuity: change(all.continuity) });
}

export function arrived(name: string, value: string | undefined): Change {
  return (one) => {
    const { [name]: _, ...headers } = one.echo?.headers ?? {};
    return {
      ...one,
      echo: { ...one.echo, headers: value === undefined ? headers : { ...headers, [name]: [value] } },
    };
  };
}

/** The app answered what it should never have seen. */
export const servedByApp: Change = (one) => ({
  ...one,
  status: 200,
  ended: 'data',
  sidecar: { ...one.sidecar, response_code_details: 'via_upstream' },
  app: { method: 'GET', uri: '/anything/admin', status: 200, userAgent: 'agent' },
  appTimes: 1,
  echo: { headers: { 'x-meshdev-id': [one.meshdevId ?? ''] } },
});

export const silent: Change = (one) => ({
  ...one,
  status: undefined,
  ended: 'timeout',
  edge: undefined,
  gateway: undefined,
  sidecar: undefined,
  app: undefined,
  echo: undefined,
});
