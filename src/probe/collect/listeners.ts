import type { PublishedListener } from '../../checks/evidence.ts';
import { LABEL } from '../../topology/labels.ts';
import type { Witness } from './witness.ts';

/** Every port that the engine publishes for a container of this lab, the node's included. */
export async function collectListeners({
  context: { lab },
  engine,
  signal,
}: Witness): Promise<readonly PublishedListener[]> {
  const [own, nodes] = await Promise.all([
    engine.containers.list({ [LABEL.lab]: lab.name }, signal),
    engine.containers.list({ 'io.x-k8s.kind.cluster': lab.cluster.name }, signal),
  ]);
  return [...own, ...nodes].flatMap(({ name, ports }) =>
    ports.map(({ hostAddress, hostPort }) => ({ container: name, address: hostAddress, port: hostPort })),
  );
}
