import type { PodHolder, PodHolders } from '../../evidence/pod-holders.ts';
import { ISTIO_NAMESPACE } from '../../mesh/manifests/names.ts';
import type { Lab } from '../../topology/lab.ts';
import { fail, pass } from '../check.ts';
import type { ReasonCode } from '../reasons.ts';
import type { Verdict } from '../verdict.ts';
import { KUBERNETES_NAMESPACE } from './chain-namespaces.ts';
import { isPowerful } from './declared-holders.ts';
import { nodeAccess } from './node-access.ts';
import { addedTo } from './pod-additions.ts';

/** A pod or template, and what of it nobody declared. */
export interface Odd {
  readonly holder: PodHolder;
  readonly text: string;
}

/** Pods under an identity of the chain that are no pods of its workload. Pure. */
export function identityVerdict({ seen, planned }: PodHolders, lab: Lab): Verdict {
  const identities = new Map(planned.map(({ owner, account }) => [`${owner.namespace}/${account}`, owner]));
  const odd = seen.flatMap((holder): readonly Odd[] => {
    const { namespace } = holder.owner;
    const identity = `${namespace}/${holder.account}`;
    const isOfChain =
      identity !== `${lab.workloads.intruder.namespace}/${lab.workloads.intruder.serviceAccount}` &&
      (identities.has(identity) || isPowerful(namespace, holder.account, lab));
    if (!isOfChain || isPlanned(holder, planned) || isOfKubernetes(holder, lab)) return [];
    return [{ holder, text: `runs as ${identity}, an identity of the chain` }];
  });
  return verdictOf(odd, 'EXPO_IDENTITY_SHARED', `${identities.size} identities`);
}

/** Pods that mount a secret of the chain, or have it in their environment, and are not planned to. Pure. */
export function secretVerdict({ seen, planned, secrets }: PodHolders): Verdict {
  const guarded = new Set(secrets);
  const odd = seen.flatMap((holder): readonly Odd[] => {
    const { namespace } = holder.owner;
    const own = planned.find((one) => isSameOwner(one, holder))?.secrets ?? [];
    const held = holder.secrets.filter((name) => guarded.has(`${namespace}/${name}`) && !own.includes(name));
    return held.length === 0 ? [] : [{ holder, text: `has the secret ${held.join(', ')} of the chain` }];
  });
  return verdictOf(odd, 'EXPO_SECRET_MOUNTED', `${secrets.length} secrets`);
}

/** Pods that see the disk, the network or the processes of the node. Pure. */
export function nodeVerdict({ seen, planned }: PodHolders, lab: Lab): Verdict {
  const odd = seen.flatMap((holder): readonly Odd[] => {
    const own = planned.find((one) => isSameOwner(one, holder))?.reach ?? [];
    const access = nodeAccess(holder).filter(({ reach }) => !own.includes(reach));
    if (access.length === 0 || isOfKubernetes(holder, lab)) return [];
    return [{ holder, text: access.map(({ lets }) => lets).join(', ') }];
  });
  return verdictOf(odd, 'EXPO_NODE_REACHED');
}

/** What was added to the pods of the workloads of the plan. Pure. */
export function additionVerdict({ seen, planned }: PodHolders): Verdict {
  const odd = seen.flatMap((holder): readonly Odd[] => {
    const plan = planned.find((one) => isSameOwner(one, holder));
    return plan === undefined ? [] : addedTo(holder, plan).map((text) => ({ holder, text }));
  });
  return verdictOf(odd, 'EXPO_POD_EXTENDED', `${planned.length} workloads`);
}

function isPlanned(holder: PodHolder, planned: readonly PodHolder[]): boolean {
  return planned.some((one) => isSameOwner(one, holder) && one.account === holder.account);
}

function isSameOwner({ owner: one }: PodHolder, { owner: other }: PodHolder): boolean {
  return one.kind === other.kind && one.namespace === other.namespace && one.name === other.name;
}

/** Static pods of kubeadm, by their exact names: a fifth one is somebody's. */
const STATIC = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];

function isOfKubernetes({ owner, pod }: PodHolder, { cluster }: Lab): boolean {
  if (owner.namespace !== KUBERNETES_NAMESPACE) return false;
  if (owner.kind === 'Node')
    return owner.name === cluster.node && STATIC.some((name) => pod === `${name}-${cluster.node}`);
  return owner.kind === 'DaemonSet' && ['kube-proxy', 'kindnet'].includes(owner.name);
}

function verdictOf(odd: readonly Odd[], code: ReasonCode, because?: string): Verdict {
  if (odd.length === 0) return pass(because);
  const texts = odd.map(({ holder, text }) => `${holderName(holder)} ${text}`);
  return fail(code, [...new Set(texts)].join(' · '), [
    ...new Set(odd.flatMap(({ holder }) => remediesFor(holder))),
  ]);
}

/** `Deployment shop/cart (since …)`: pods of one workload differ in their names alone. */
function holderName({ owner, since }: PodHolder): string {
  const made = since === undefined ? '' : ` (made at ${since})`;
  return `${owner.kind} ${owner.namespace}/${owner.name}${made}`;
}

/** `up` makes again what is of the lab; a static pod is a file in the node. */
function remediesFor({ owner, pod }: PodHolder): readonly string[] {
  if (owner.kind === 'Node') return ['meshdev down', 'meshdev up'];
  const remove = `meshdev kubectl delete ${owner.kind.toLowerCase()} -n ${owner.namespace} ${owner.name}`;
  const isBare = owner.kind === 'Pod' && owner.name === pod;
  return isBare || owner.namespace !== ISTIO_NAMESPACE ? [remove, 'meshdev up'] : ['meshdev up', remove];
}
