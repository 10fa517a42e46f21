import type { ContainerEngine } from '../ports/container-engine.ts';
import type { PartSeen } from '../run/part-seen.ts';
import type { Lab } from '../topology/lab.ts';

/** Where kind writes down the address that it has set the cluster up for. */
const ADDRESS_FILE = '/kind/old-ipv4';

const GRACE_SECONDS = 60;

type Engine = Pick<ContainerEngine, 'containers'>;

/**
 * Undefined where the running node has the address that its cluster was set up for. Who takes it out of its network
 * and puts it back may give it another one: kubelet and API server keep the one before, and the API server answers on
 * this machine all the same.
 */
export async function movedNode(
  { containers }: Engine,
  { cluster: { node: name }, network }: Pick<Lab, 'cluster' | 'network'>,
  signal: AbortSignal,
): Promise<PartSeen | undefined> {
  const node = await containers.inspect(name, signal);
  if (node?.state !== 'running') return undefined;
  const address = node.networks.find((place) => place.network === network)?.address ?? '';
  const known = await containers.readFile(name, ADDRESS_FILE, signal);
  return compareAddress(name, address, known?.toString('utf8').trim());
}

/** Pure. @param known the address that the cluster was set up for; undefined where the node does not say */
export function compareAddress(
  name: string,
  address: string,
  known: string | undefined,
): PartSeen | undefined {
  if (known === undefined || known === '' || address === '' || known === address) return undefined;
  return {
    state: 'stopped',
    seen: `node ${name} has the address ${address}, its cluster was set up for ${known}`,
  };
}

/** The program that a node begins with sets its cluster up for the address that it finds, so it has to begin again. */
export async function stopIfMoved(
  engine: Engine,
  lab: Pick<Lab, 'cluster' | 'network'>,
  signal: AbortSignal,
): Promise<void> {
  if ((await movedNode(engine, lab, signal)) === undefined) return;
  await engine.containers.stop(lab.cluster.node, GRACE_SECONDS, signal);
}
