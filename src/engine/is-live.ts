import type { Container } from '../ports/container-engine.ts';

/** Pure: a paused container keeps its ports, its address and its connections, as one that runs. */
export function isLive({ state }: Pick<Container, 'state'>): boolean {
  return state === 'running' || state === 'paused';
}
