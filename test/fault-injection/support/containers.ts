import type { Bench } from './bench.ts';
import type { Restore } from './fault-injection.ts';

/** One more container with the lab's label, of the probe's image, idle; restoring removes it. */
export async function addContainer(bench: Bench, options: readonly string[]): Promise<Restore> {
  const { lab } = bench;
  const name = `${lab.cluster.name}-sabotage`;
  const image = await inspected(bench, lab.containers.probe, '{{.Image}}');
  const labels = ['--label', `dev.meshdev.lab=${lab.name}`, '--label', 'dev.meshdev.managed-by=meshdev'];
  const idle = ['/opt/meshdev/guest/probe/idle.js'];
  await bench.docker(['run', '--detach', '--name', name, ...labels, ...options, image, ...idle]);
  return () => bench.docker(['rm', '--force', '--volumes', name]);
}

/** A container of somebody else’s, without a label of the lab, of the probe's image, idle; restoring removes it. */
export async function addNeighbour(bench: Bench, options: readonly string[]): Promise<Restore> {
  const name = 'meshdev-neighbour';
  const image = await inspected(bench, bench.lab.containers.probe, '{{.Image}}');
  const idle = ['/opt/meshdev/guest/probe/idle.js'];
  await bench.docker(['run', '--detach', '--name', name, ...options, image, ...idle]);
  return () => bench.docker(['rm', '--force', '--volumes', name]);
}

/** One fact of a container, in the engine's template language. */
export async function inspected(bench: Bench, container: string, format: string): Promise<string> {
  return (await bench.docker(['inspect', '--format', format, container])).trim();
}
