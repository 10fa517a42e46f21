import type { Containers } from '../ports/container-engine.ts';

/** Makes a container run that is stopped or paused; an engine does not start a paused one. Idempotent. */
export async function wakeContainer(
  containers: Pick<Containers, 'inspect' | 'start' | 'unpause'>,
  name: string,
  signal: AbortSignal,
): Promise<void> {
  const found = await containers.inspect(name, signal);
  if (found?.state === 'paused') return containers.unpause(name, signal);
  await containers.start(name, signal);
}
