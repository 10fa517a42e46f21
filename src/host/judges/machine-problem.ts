import { MeshdevError } from '../../errors/meshdev-error.ts';

/** kind drives the engine through the docker command. Pure. */
export function dockerCliProblem(found: boolean): MeshdevError | undefined {
  if (found) return undefined;
  return new MeshdevError('TOOL_MISSING', {
    message: 'looking for the docker command, which kind calls: it is not on PATH',
    remedies: ['sudo apt-get install docker-cli || sudo apt-get install docker.io', 'brew install docker'],
  });
}

/**
 * WSL1 translates system calls, and containers need a kernel.
 * @param release of the kernel: `4.4.0-19041-Microsoft` in WSL1. Pure.
 */
export function wslProblem(platform: string, release: string): MeshdevError | undefined {
  if (platform !== 'linux' || !release.endsWith('Microsoft')) return undefined;
  return new MeshdevError('HOST_NOT_FIT', {
    message: `looking at the system: this is WSL1 (kernel ${release}), and containers need WSL2`,
    remedies: ['in Windows: wsl --set-version DISTRIBUTION 2', 'in Windows: wsl --list --verbose'],
  });
}
