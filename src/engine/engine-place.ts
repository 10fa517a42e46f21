import type { EngineInfo } from '../ports/container-engine.ts';
import type { EngineEndpoint } from '../ports/engine-endpoint.ts';

/** Systems that run the engine in a virtual machine of its own, behind a local socket. */
const IN_A_MACHINE = /docker desktop|rancher desktop|colima|orbstack|boot2docker/i;

/**
 * Whether the engine's data directory is on a disk of this machine, so that its free room can be
 * measured. Behind a socket of macOS there is always a virtual machine, and so there is behind Docker
 * Desktop on Linux and WSL2: a directory of the same name here would be another disk. Pure.
 */
export function diskIsHere(
  platform: string,
  endpoint: EngineEndpoint,
  { os }: Pick<EngineInfo, 'os'>,
): boolean {
  return platform === 'linux' && endpoint.kind === 'socket' && !IN_A_MACHINE.test(os);
}
