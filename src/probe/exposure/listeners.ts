import type { PublishedListener } from '../../evidence/exposure.ts';
import { labContainers } from '../host/containers.ts';
import type { Needs } from '../probe-context.ts';

/** Every port that the engine publishes for a container of this lab, the node's included. */
export async function collectListeners(
  probeContext: Needs<'context' | 'engine' | 'signal'>,
): Promise<readonly PublishedListener[]> {
  return (await labContainers(probeContext)).flatMap(({ name, ports }) =>
    ports.map(({ hostAddress, hostPort }) => ({ container: name, address: hostAddress, port: hostPort })),
  );
}
