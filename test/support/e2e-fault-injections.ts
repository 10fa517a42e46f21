import { kubectl, LAB } from './e2e-lab.ts';
import { must } from './e2e-program.ts';

/** One or more broken links: how they are broken, which checks must say so, and what `up` does about them. */
export interface FaultInjection {
  readonly what: string;
  readonly commit: () => Promise<unknown>;
  /** Exit code of `check`: 1 a link is broken, 6 it could not be seen. */
  readonly exit: 1 | 6;
  /** Checks that must turn, each with its verdict and the hop it names; others turn too (the fault-injection suite). */
  readonly turns: Readonly<Record<string, readonly ['fail' | 'unknown', hop: string]>>;
  /** The steps that `up` changes, and all that their reasons have to say. */
  readonly repair: readonly (readonly [step: string, action: string, because: readonly RegExp[]])[];
}

const { gateway, httpbin } = LAB.workloads;

/** Each is judged by the checks that it turns. */
export const FAULT_INJECTIONS: readonly FaultInjection[] = [
  {
    what: 'no default deny, viewers may administer, and the gateway asks for no certificate (SIMPLE)',
    commit: async () => {
      await kubectl('delete', '-n', 'istio-system', 'authorizationpolicy', 'default-deny');
      await patch('authorizationpolicy', httpbin.namespace, 'httpbin-admin', [
        ['replace', '/spec/rules/0/when/0/values', ['admin', 'viewer']],
      ]);
      await patch('gateway.networking.istio.io', gateway.namespace, 'public', [
        ['remove', '/spec/servers/0/tls/subjectAltNames'],
        ['replace', '/spec/servers/0/tls/mode', 'SIMPLE'],
      ]);
    },
    exit: 1,
    turns: {
      'MD-RBAC-008': ['fail', 'gateway->sidecar'],
      'MD-RBAC-002': ['fail', 'gateway->sidecar'],
      'MD-EGW-005': ['fail', 'edge->gateway'],
      'MD-EGW-008': ['fail', 'edge->gateway'],
      'MD-DRIFT-001': ['fail', 'lab'],
    },
    repair: [
      [
        'policies',
        'update',
        [
          /AuthorizationPolicy istio-system\/default-deny is missing/,
          /httpbin-admin.*values is \["admin","viewer"\], expected \["admin"\]/,
          /mode is SIMPLE, expected MUTUAL/,
        ],
      ],
    ],
  },
  {
    what: 'no rules for tokens, and the gateway does not pin Caddy',
    commit: async () => {
      await kubectl('delete', '-n', httpbin.namespace, 'requestauthentication', 'tokens');
      await patch('gateway.networking.istio.io', gateway.namespace, 'public', [
        ['remove', '/spec/servers/0/tls/subjectAltNames'],
      ]);
    },
    exit: 1,
    turns: {
      'MD-JWT-001': ['fail', 'gateway->sidecar'],
      'MD-OIDC-010': ['fail', 'istiod->idp'],
      'MD-EGW-011': ['fail', 'edge->gateway'],
      'MD-DRIFT-001': ['fail', 'lab'],
    },
    repair: [
      [
        'policies',
        'update',
        [/RequestAuthentication .*\/tokens is missing/, /subjectAltNames is nothing, expected/],
      ],
    ],
  },
  {
    what: 'Caddy does not verify the gateway, the gateway has no pod, and the identity provider is stopped',
    commit: async () => {
      await reloadCaddyWithoutVerification();
      await kubectl('scale', '-n', gateway.namespace, 'deployment', 'gateway', '--replicas', '0');
      await must('docker', ['stop', LAB.containers.idp]);
    },
    exit: 1,
    turns: {
      'MD-EGW-002': ['fail', 'edge->gateway'],
      'MD-WRK-006': ['fail', 'edge->idp'],
      'MD-WRK-009': ['fail', 'edge->gateway'],
      'MD-OIDC-001': ['unknown', 'client->idp'],
      'MD-DRIFT-001': ['fail', 'lab'],
    },
    repair: [
      ['idp', 'start', [/container .*-idp is exited/]],
      ['edge', 'replace', [/runs a configuration that is not the planned one/]],
      ['workloads', 'update', [/replicas is 0, expected 1/]],
    ],
  },
];

type Operation = readonly [op: 'replace' | 'remove', path: string, value?: unknown];

function patch(
  kind: string,
  namespace: string,
  name: string,
  operations: readonly Operation[],
): Promise<string> {
  const body = operations.map(([op, path, value]) => ({ op, path, value }));
  return kubectl('patch', '-n', namespace, kind, name, '--type', 'json', '-p', JSON.stringify(body));
}

/** Through the admin socket, with everything else as it was: the file in the container stays untouched. */
async function reloadCaddyWithoutVerification(): Promise<void> {
  const inEdge = ['exec', '-i', LAB.containers.edge, 'caddy'];
  const archive = await must('docker', ['cp', `${LAB.containers.edge}:/etc/caddy/Caddyfile`, '-']);
  // A tar archive of one text file: its blocks of 512 bytes begin with the header.
  const caddyfile = archive.slice(512).replace(/\0+$/, '');
  const insecure = caddyfile.replace(/tls_trust_pool file \S+/, 'tls_insecure_skip_verify');
  if (insecure === caddyfile) throw new Error('the Caddyfile has no tls_trust_pool to take out');
  const source = ['--config', '-', '--adapter', 'caddyfile', '--address', 'unix//run/meshdev/admin.sock'];
  await must('docker', [...inEdge, 'reload', ...source], { stdin: insecure });
}
