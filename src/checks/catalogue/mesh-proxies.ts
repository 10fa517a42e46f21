import { APP_ID, INTERNAL_ID } from '../../sample/names.ts';
import { spiffeId } from '../../topology/identity.ts';
import type { Lab, WorkloadName } from '../../topology/lab.ts';
import { type AnyCheck, defineCheck, eachCase, fail, pass, unknown } from '../check.ts';
import { clientVerdict } from '../mesh-client.ts';
import { INBOUND, strictInbound } from '../inbound-chains.ts';
import type { PeerRule } from '../../evidence/components.ts';
import type { Proxies, ProxySeen } from '../../evidence/proxies.ts';
import type { Verdict } from '../verdict.ts';

/** Where the app listens. */
const APP_PORT = 8080;

/** What the running proxies do, by their own word; the objects come second. */
export const MESH_PROXY_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-MESH-004',
    title: 'every inbound port of every workload requires mutual TLS (STRICT)',
    impact: 'a port accepts plaintext',
    hint: '`meshdev kubectl get peerauthentication -A`',
    hop: 'gateway->sidecar',
    polarity: 'positive',
    mode: 'passive',
    blocking: false,
    evidence: ['proxies', 'pods'],
    judge: ({ proxies, pods: { peerRules } }) =>
      eachCase([
        ...sidecars(proxies).map((proxy): Named => [
          nameOf(proxy),
          strictInbound(proxy, peerRules, nameOf(proxy)),
        ]),
        ...unseenSidecars(proxies),
        ['policies', policiesStrict(peerRules)],
      ]),
  }),
  defineCheck({
    id: 'MD-MESH-013',
    title: 'no client-side rule weakens mesh TLS',
    impact: 'a proxy sends plaintext to services of the mesh, or does not verify the server',
    hint: '`meshdev kubectl get destinationrules,serviceentries -A`',
    hop: 'gateway->sidecar',
    polarity: 'positive',
    mode: 'passive',
    blocking: false,
    evidence: ['proxies'],
    judge: ({ proxies }, { lab }) =>
      eachCase([
        ...proxies.proxies.map((proxy): Named => [nameOf(proxy), clientsOf(proxy, lab)]),
        ...proxies.unseen.map(({ pod, because }): Named => [caseId(pod), unseen(pod, because)]),
      ]),
  }),
  defineCheck({
    id: 'MD-WRK-003',
    title: 'the proxy handles the port of the app as HTTP',
    impact: 'token, path and method rules have no effect',
    hint: 'the port name or `appProtocol` of the service',
    hop: 'gateway->sidecar',
    polarity: 'positive',
    mode: 'passive',
    blocking: false,
    evidence: ['proxies'],
    judge: ({ proxies }) => eachCase(APPS.map((workload) => [workload, asHttp(proxies, workload)])),
  }),
];

const APPS = [APP_ID, INTERNAL_ID] as const satisfies readonly WorkloadName[];

type Named = readonly [id: string, verdict: Verdict];

/** Everybody but the gateway, whose clients are judged at MD-EGW: strangers in the mesh too. */
function sidecars({ proxies }: Proxies): readonly ProxySeen[] {
  return proxies.filter(({ workload }) => workload !== 'gateway');
}

function unseenSidecars({ unseen: missing }: Proxies): readonly Named[] {
  return missing
    .filter(({ workload }) => workload !== 'gateway')
    .map(({ pod, because }) => [caseId(pod), unseen(pod, because)]);
}

function unseen(pod: string, because: string): Verdict {
  return unknown('NO_PROXIES', `the proxy of ${pod} could not be queried: ${because}`);
}

function nameOf({ workload, namespace, pod }: ProxySeen): string {
  return workload ?? caseId(`${namespace}/${pod}`);
}

function caseId(pod: string): string {
  return pod.replaceAll('/', '-');
}

/** The second opinion: what the objects ask for, in force or not yet. */
function policiesStrict(rules: readonly PeerRule[]): Verdict {
  return rules.length === 0
    ? pass('no PeerAuthentication sets a weaker mode')
    : fail(
        'MESH_NOT_STRICT',
        rules.map(({ name, level, asks }) => `${name} (${level}) sets ${asks}`).join(' · '),
      );
}

/** Toward the services whose pods have sidecars. */
function clientsOf(proxy: ProxySeen, lab: Lab): Verdict {
  const services = APPS.map((workload) => {
    const { namespace, serviceAccount } = lab.workloads[workload];
    const host = `${serviceAccount}.${namespace}.svc.cluster.local`;
    return { host, identity: spiffeId(lab.workloads[workload]) };
  });
  return clientVerdict(proxy, services, nameOf(proxy));
}

function asHttp({ proxies, unseen: missing }: Proxies, workload: WorkloadName): Verdict {
  const own = proxies.filter((proxy) => proxy.workload === workload);
  const absent = missing.find((one) => one.workload === workload);
  if (own.length === 0)
    return unseen(absent?.pod ?? workload, absent?.because ?? 'no proxy of it was observed');
  const chains = own
    .flatMap(({ listeners }) => listeners.filter(({ name }) => name === INBOUND))
    .flatMap((listener) => listener.chains.filter(({ match }) => match.destinationPort === APP_PORT));
  if (chains.length === 0)
    return fail(
      'WRK_NOT_HTTP',
      `the sidecar of ${workload} has no filter chain for port ${APP_PORT}: no service uses this port`,
    );
  const raw = chains.find(({ http }) => http === undefined);
  return raw === undefined
    ? pass(`port ${APP_PORT}`)
    : fail(
        'WRK_NOT_HTTP',
        `the sidecar of ${workload} handles port ${APP_PORT} as ${raw.filters.at(-1) ?? 'nothing'}`,
      );
}
