import type { Lab } from '../topology/lab.ts';
import type { FilterChain } from '../evidence/proxies.ts';

interface Setting {
  readonly id: string;
  /** What is wrong with the chain; undefined when nothing is. */
  readonly wrong: (chain: FilterChain, lab: Lab) => string | undefined;
}

/** What each chain of the gateway’s public port must be set to, whatever the objects say. */
export const LISTENER_SETTINGS: readonly Setting[] = [
  {
    id: 'client-certificate',
    wrong: ({ socket }) =>
      socket.kind === 'tls' && socket.requiresClientCertificate
        ? undefined
        : 'does not require a client certificate',
  },
  {
    id: 'client-identity',
    wrong: ({ socket }, lab) => {
      const names = socket.kind === 'tls' ? socket.peerNames : [];
      return names.length === 1 && names[0] === `exact ${lab.hosts.edge}`
        ? undefined
        : `accepts clients with the name ${names.join(', ') || '(any)'}, expected only ${lab.hosts.edge}`;
    },
  },
  {
    id: 'xfcc',
    wrong: ({ http }) =>
      http?.forwardClientCert === 'SANITIZE_SET'
        ? undefined
        : `handles XFCC with ${http?.forwardClientCert ?? 'SANITIZE'}, expected SANITIZE_SET`,
  },
  {
    id: 'trusted-hops',
    wrong: ({ http }) =>
      http?.trustedHops === 1 && http.useRemoteAddress
        ? undefined
        : `trusts ${http?.trustedHops ?? 0} hops before it, expected 1`,
  },
  {
    id: 'path',
    wrong: ({ http }) =>
      http?.normalizePath === true && http.mergeSlashes && http.escapedSlashes === 'UNESCAPE_AND_FORWARD'
        ? undefined
        : 'does not normalize paths like the sidecars',
  },
];
