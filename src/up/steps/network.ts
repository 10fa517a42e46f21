import type { PartSeen } from '../../run/part-seen.ts';
import type { ContainerEngine } from '../../ports/container-engine.ts';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import { refuseForeignLab } from '../../lab/whose.ts';
import type { Lab } from '../../topology/lab.ts';
import { labelsOf, LABEL, ownerLabels } from '../../topology/labels.ts';
import { ENGINE_DOWN, type Part } from './part.ts';

/**
 * The lab's own network, made before kind looks for it: kind would give it IPv6, and pods have no IPv6
 * route. And the one that edge and IdP share, out of reach for node and pods.
 */
export const networkPart: Part = {
  observe: async ({ context: { lab }, reached, signal }) => {
    if (reached === undefined) return ENGINE_DOWN;
    const seen = await Promise.all(names(lab).map((name) => observeOne(reached.engine, lab, name, signal)));
    const missing = seen.find(({ state }) => state === 'absent');
    return missing ?? { state: 'same', seen: seen.map((one) => one.seen).join(', ') };
  },
  apply: async (context, { signal }) => {
    const { lab } = context;
    const engine = await context.engine(signal);
    const owner = await context.owner.ensure();
    for (const name of names(lab)) {
      const labels = { ...labelsOf(lab.name, 'network'), ...ownerLabels(owner) };
      const network = await engine.networks.ensure({ name, labels, ipv6: false }, signal);
      if (network.labels[LABEL.lab] !== lab.name) throw foreignNetwork(name);
    }
    // Again: the engine may have answered only now, and of two that began together one made the networks.
    await refuseForeignLab(context, engine, signal);
  },
};

function names({ network, idpNetwork }: Lab): readonly string[] {
  return [network, idpNetwork];
}

async function observeOne(
  engine: ContainerEngine,
  lab: Lab,
  name: string,
  signal: AbortSignal,
): Promise<PartSeen> {
  const network = await engine.networks.inspect(name, signal);
  if (network === undefined) return { state: 'absent', seen: `network ${name} does not exist` };
  if (network.labels[LABEL.lab] !== lab.name) throw foreignNetwork(name);
  return { state: 'same', seen: `network ${name} ${network.subnets.join(', ')}` };
}

function foreignNetwork(name: string): MeshdevError {
  return new MeshdevError('LAB_FOREIGN', {
    message: `looking for the network ${name}: it exists and does not belong to this lab`,
    remedies: ['meshdev up --name another', `docker network rm ${name}`],
  });
}
