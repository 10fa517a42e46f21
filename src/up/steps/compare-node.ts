import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { Container } from '../../ports/container-engine.ts';
import type { PartSeen } from '../../run/part-seen.ts';
import type { Lab } from '../../topology/lab.ts';
import { KIND_CLUSTER } from '../../topology/labels.ts';

/** Pure: what the node container says about the cluster. */
export function compareNode(
  node: Container | undefined,
  lab: Lab,
  wanted: { readonly image: string; readonly kubeconfig: boolean; readonly settled: boolean },
): PartSeen {
  const name = lab.cluster.node;
  if (node === undefined) return { state: 'absent', seen: `node ${name} does not exist` };
  refuseForeign(node, lab);
  // One that was never finished is nobody's; of one that was, only the kubeconfig is lost. What was deployed in one
  // that is stopped is kept as well.
  const finished = wanted.kubeconfig && node.state !== 'created';
  const inUse = finished || wanted.settled;
  if (node.image !== wanted.image)
    return {
      state: 'differs',
      seen: `node ${name} runs image ${node.image}, expected ${wanted.image}`,
      inUse,
    };
  if (!wanted.kubeconfig)
    return {
      state: 'differs',
      seen: `node ${name} has no kubeconfig on this machine: it was not completed, or the file is lost`,
      inUse,
    };
  if (node.state !== 'running') return { state: 'stopped', seen: `node ${name} is ${node.state}` };
  return { state: 'same', seen: `node ${name} runs and its API server answers` };
}

/** @throws MeshdevError LAB_FOREIGN: a node of that name on another network is neither used nor removed */
export function refuseForeign({ name, networks, labels }: Container, { network, cluster }: Lab): void {
  if (networks.some((attachment) => attachment.network === network)) return;
  // Somebody took it out; removing it would be the end of all that is deployed in it.
  if (networks.length === 0 && labels[KIND_CLUSTER] === cluster.name)
    throw new MeshdevError('LAB_FOREIGN', {
      message: `looking for the cluster: node ${name} is in no network, so that nothing tells whose it is`,
      remedies: [`docker network connect ${network} ${name}`, 'meshdev up --name another'],
    });
  throw new MeshdevError('LAB_FOREIGN', {
    message: `looking for the cluster: a container ${name} exists and is not in the network of this lab`,
    remedies: ['meshdev up --name another', `docker rm -f -v ${name}`],
  });
}
