import { judgeAnalysis } from '../analysis.ts';
import { foreignVerdict } from '../foreign-objects.ts';
import type { EnvoyBuild } from '../../profiles.ts';
import { IN_CLUSTER_IMAGES } from '../../versions.ts';
import { isObject } from '../../guest/shape.ts';
import { type AnyCheck, type Cases, defineCheck, eachCase, fail, pass, skip, unknown } from '../check.ts';
import type { Proxies, ProxySeen } from '../../evidence/proxies.ts';
import type { ImageSeen, VersionsSeen } from '../../evidence/versions.ts';
import type { Verdict } from '../verdict.ts';

/** Releases below these are known to be unsafe for what meshdev proves. */
const FLOORS = { caddy: '2.11.5', istio: '1.30', kubernetes: '1.34' } as const;

export const VERSION_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-DRIFT-002',
    title:
      'versions, the Envoy build, the network of the node and the user of the proxies match the images of the lab; versions are at or above the security minimum; control plane and proxies have one version; each image is the one that its name currently refers to',
    impact: 'the lab runs wrong, insecure or mixed versions',
    hint: '`meshdev version`; the pod or container that the message names',
    hop: 'lab',
    polarity: 'positive',
    blocking: false,
    evidence: ['versions', 'proxies'],
    judge: ({ versions, proxies }) => versionVerdicts(versions, proxies),
  }),
  defineCheck({
    id: 'MD-DRIFT-003',
    title: 'the settings of meshdev for the node are in effect',
    impact: 'a setting was ignored without an error, or the node was changed manually',
    hint: '`/var/lib/kubelet/config.yaml` in the node',
    hop: 'lab',
    polarity: 'positive',
    blocking: false,
    evidence: ['versions'],
    judge: ({ versions: { kubelet, kubeProxy, wantedKubelet, wantedKubeProxy } }) =>
      eachCase([
        ['kubelet', tookEffect('kubelet', kubelet, wantedKubelet)],
        ['kube-proxy', tookEffect('kube-proxy', kubeProxy, wantedKubeProxy)],
      ]),
  }),
  defineCheck({
    id: 'MD-DRIFT-004',
    title: 'no foreign object changes what a proxy of the lab does, and none is in the namespaces of the lab',
    impact: 'a rule that meshdev did not create is in effect and may admit other clients',
    hint: 'the objects that the message names',
    hop: 'lab',
    polarity: 'positive',
    blocking: false,
    evidence: ['cluster.state'],
    judge: ({ 'cluster.state': { foreign } }) => foreignVerdict(foreign),
  }),
  defineCheck({
    id: 'MD-DRIFT-006',
    title: 'istioctl analyze reports no message of level Info or higher',
    impact: 'an object does not have the intended effect',
    hint: 'the objects that the message names',
    hop: 'lab',
    polarity: 'positive',
    mode: 'passive',
    blocking: false,
    evidence: ['analysis'],
    judge: ({ analysis }) => judgeAnalysis(analysis),
  }),
];

function versionVerdicts(seen: VersionsSeen, { proxies }: Proxies): Verdict | Cases {
  const { profile } = seen;
  const { caddy, kubernetes } = profile.versions;
  return eachCase([
    ['caddy', pinned('Caddy', seen.caddy, caddy, FLOORS.caddy)],
    ['kubernetes', pinned('the kubelet', seen.kubernetes, kubernetes, FLOORS.kubernetes)],
    ['istiod', pinned('istiod', seen.istiod?.split(':').at(-1), IN_CLUSTER_IMAGES.istioTag, FLOORS.istio)],
    ...proxies.map((proxy): readonly [string, Verdict] => [
      `proxy-${proxy.workload ?? proxy.pod}`,
      proxyVerdict(proxy, proxies, profile),
    ]),
    ['node-network', networkVerdict(seen)],
    ...seen.images.map((image): readonly [string, Verdict] => [`image-${image.container}`, present(image)]),
  ]);
}

function pinned(who: string, seen: string | undefined, wanted: string, floor: string): Verdict {
  if (seen === undefined || seen === '')
    return unknown('DRIFT_NO_VERSION', `${who} does not report its version`);
  if (isBelow(seen, floor)) return fail('DRIFT_BELOW_FLOOR', `${who} is ${seen}, below the minimum ${floor}`);
  return seen === wanted ? pass(seen) : fail('DRIFT_VERSION', `${who} is ${seen}, expected ${wanted}`);
}

type Made = VersionsSeen['profile'];

/** kubeadm does not say which network plugin a node has; its DaemonSet does. */
function networkVerdict({ cni, profile }: VersionsSeen): Verdict {
  return cni === profile.cni
    ? pass(cni)
    : fail(
        'DRIFT_VERSION',
        `the network of the node is ${cni}, images of profile ${profile.name} have ${profile.cni}`,
      );
}

function proxyVerdict(proxy: ProxySeen, all: readonly ProxySeen[], made: Made): Verdict {
  const verdict = proxyVersion(proxy, all, made);
  const trouble = verdict.kind === 'pass' ? buildTrouble(proxy, made) : undefined;
  return trouble === undefined ? verdict : fail('DRIFT_VERSION', trouble);
}

/** Extensions that only Istio's own Envoy has; istiod configures them where the mesh's settings say so. */
const ISTIO_FILTERS = new Set(['istio.metadata_exchange', 'istio.stats', 'istio.alpn']);

function buildTrouble({ pod, envoyVersion, user, listeners }: ProxySeen, made: Made): string | undefined {
  const brings = `images of profile ${made.name} have`;
  const filters = listeners.flatMap(({ chains }) => chains.flatMap(({ http }) => http?.filters ?? []));
  const envoy: EnvoyBuild = filters.some((name) => ISTIO_FILTERS.has(name)) ? 'istio' : 'upstream';
  if (envoy !== made.envoy)
    return `the proxy of ${pod} is configured for ${BUILD_NAMES[envoy]}, ${brings} ${BUILD_NAMES[made.envoy]}`;
  if (made.versions.envoy !== undefined && envoyVersion !== undefined && envoyVersion !== made.versions.envoy)
    return `the Envoy of ${pod} is ${envoyVersion}, ${brings} ${made.versions.envoy}`;
  return user === undefined || user === made.proxyUser
    ? undefined
    : `the proxy of ${pod} runs as user ${user}, ${brings} user ${made.proxyUser}`;
}

const BUILD_NAMES: Readonly<Record<EnvoyBuild, string>> = {
  istio: 'an Envoy with Istio’s extensions',
  upstream: 'an Envoy without Istio’s extensions',
};

function proxyVersion(
  { pod, istioVersion, envoyVersion, image }: ProxySeen,
  all: readonly ProxySeen[],
  { name, versions }: Made,
): Verdict {
  if (istioVersion === undefined)
    return unknown('DRIFT_NO_VERSION', `the proxy of ${pod} does not report its version`);
  if (istioVersion !== versions.istio || !image.endsWith(`:${IN_CLUSTER_IMAGES.istioTag}`))
    return fail(
      'DRIFT_VERSION',
      `the proxy of ${pod} is ${istioVersion} from ${image}, images of profile ${name} have ${versions.istio}`,
    );
  const others = all.filter((other) => other.envoyVersion !== envoyVersion || other.image !== image);
  return others.length === 0
    ? pass(`${istioVersion}, Envoy ${envoyVersion ?? 'of unknown version'}`)
    : fail(
        'DRIFT_VERSION',
        `the proxies run different images: ${pod} runs ${image}, ${others[0]?.pod ?? ''} ${others[0]?.image ?? ''}`,
      );
}

function present({ container, reference, running, named }: ImageSeen): Verdict {
  if (named === undefined)
    return fail('DRIFT_IMAGE', `${container} was created from ${reference}, which no longer exists`);
  return named === running
    ? pass(running.slice(0, 19))
    : fail(
        'DRIFT_IMAGE',
        `${container} runs ${running.slice(0, 19)}, but ${reference} now refers to ${named.slice(0, 19)}`,
      );
}

function tookEffect(
  who: string,
  seen: Readonly<Record<string, unknown>>,
  wanted: Readonly<Record<string, unknown>>,
): Verdict {
  if (Object.keys(seen).length === 0)
    return unknown('DRIFT_NO_VERSION', `the configuration of ${who} could not be read`);
  if (Object.keys(wanted).length === 0) return skip(`no setting of ${who} was requested`);
  const wrong = differing(seen, wanted, '');
  return wrong.length === 0
    ? pass(`${Object.keys(wanted).length} settings`)
    : fail('DRIFT_NODE_PATCH', `${who}: ${wrong.join(' · ')}`);
}

function differing(
  seen: Readonly<Record<string, unknown>>,
  wanted: Readonly<Record<string, unknown>>,
  path: string,
): readonly string[] {
  return Object.entries(wanted).flatMap(([key, value]) => {
    const own = seen[key];
    if (isObject(value)) return differing(isObject(own) ? own : {}, value, `${path}${key}.`);
    // What is zero or false by default is not written out.
    const same = own === value || (own === undefined && (value === 0 || value === false));
    return same ? [] : [`${path}${key} is ${String(own)}, expected ${String(value)}`];
  });
}

/** Whether a version is older than the floor, number by number; numbers that the floor leaves out do not count. */
function isBelow(version: string, floor: string): boolean {
  const numbers = (text: string): readonly number[] =>
    (/\d+(?:\.\d+)*/.exec(text)?.[0] ?? '').split('.').map(Number);
  const [own, least] = [numbers(version), numbers(floor)];
  for (const [at, number] of least.entries()) {
    const mine = own[at] ?? 0;
    if (mine !== number) return mine < number;
  }
  return false;
}
