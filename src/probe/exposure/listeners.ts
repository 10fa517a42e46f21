import type { PublishedListener } from '../../evidence/exposure.ts';
import { labContainers } from '../host/containers.ts';
import type { Needs } from '../witness.ts';

/** Every port that the engine publishes for a container of this lab, the node's included. */
export async function collectListeners(
  witness: Needs<'context' | 'engine' | 'signal'>,
): Promise<readonly PublishedListener[]> {
  return (await labContainers(witness)).flatMap(({ name, ports }) =>
    ports.map(({ hostAddress, hostPort }) => ({ container: name, address: hostAddress, port: hostPort })),
  );
}
