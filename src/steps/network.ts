import { MeshdevError } from '../errors/meshdev-error.ts';
import { labelsOf, LABEL } from '../topology/labels.ts';
import { ENGINE_DOWN, type Part } from './part.ts';

/** Made before kind looks for it: kind would give it IPv6, and pods have no IPv6 route. */
export const networkPart: Part = {
  observe: async ({ context: { lab }, reached, signal }) => {
    if (reached === undefined) return ENGINE_DOWN;
    const network = await reached.engine.networks.inspect(lab.network, signal);
    if (network === undefined) return { state: 'absent', seen: `no network ${lab.network}` };
    if (network.labels[LABEL.lab] !== lab.name) throw foreignNetwork(lab.network);
    return { state: 'same', seen: `network ${lab.network} ${network.subnets.join(', ')}` };
  },
  apply: async (context, { signal }) => {
    const { lab } = context;
    const engine = await context.engine(signal);
    const network = await engine.networks.ensure(
      { name: lab.network, labels: labelsOf(lab.name, 'network'), ipv6: false },
      signal,
    );
    if (network.labels[LABEL.lab] !== lab.name) throw foreignNetwork(lab.network);
  },
};

function foreignNetwork(name: string): MeshdevError {
  return new MeshdevError('LAB_FOREIGN', {
    message: `looking for the network ${name}: it exists and is not this lab's`,
    remedies: ['meshdev up --name another', `docker network rm ${name}`],
  });
}
