import { MeshdevError } from '../errors/meshdev-error.ts';
import type { EngineInfo } from '../ports/container-engine.ts';
import { enginePlatform } from './platform.ts';

/** What of an engine decides whether a lab can run on it. */
export type EngineFacts = Pick<
  EngineInfo,
  | 'version'
  | 'product'
  | 'osType'
  | 'arch'
  | 'cgroupVersion'
  | 'securityOptions'
  | 'limits'
  | 'memoryBytes'
  | 'cpus'
>;

/** The oldest engine that a lab was run on. */
const OLDEST = [20, 10] as const;
const PLATFORMS = ['linux/amd64', 'linux/arm64'];

const GIB = 1024 ** 3;
/** A lab with the sample uses 1.6 GiB at rest: with less than this, pods are killed. */
const LEAST_MEMORY_BYTES = 1.8 * GIB;
/** What leaves room for services beside those of the sample; a machine that is sold with 4 GB passes. */
export const ENOUGH_MEMORY_BYTES = 3.5 * GIB;
export const ENOUGH_CPUS = 2;

/** Why no lab can run on this engine, before anything is made on it; undefined when one can. Pure. */
export function engineProblem(facts: EngineFacts): MeshdevError | undefined {
  return productProblem(facts) ?? platformProblem(facts) ?? cgroupProblem(facts) ?? memoryProblem(facts);
}

/** Which program it is, and how old. Pure. */
export function productProblem({
  product,
  version,
}: Pick<EngineFacts, 'product' | 'version'>): MeshdevError | undefined {
  if (product === 'podman')
    return notFit(`it is Podman ${version}, and meshdev supports Docker only`, [
      'start Docker and select it: docker context use default',
      'unset DOCKER_HOST',
    ]);
  if (isOlder(version))
    return notFit(`it is Docker ${version}; version ${OLDEST.join('.')} or later is required`, [
      'update Docker as described for this system at https://docs.docker.com/engine/install/',
    ]);
  return undefined;
}

/** What its containers are. Pure. */
export function platformProblem(facts: Pick<EngineFacts, 'osType' | 'arch'>): MeshdevError | undefined {
  if (facts.osType !== 'linux')
    return notFit(`it runs ${facts.osType} containers`, [
      'switch Docker Desktop to Linux containers',
      'docker context use default',
    ]);
  const platform = enginePlatform(facts);
  if (!PLATFORMS.includes(platform))
    return notFit(`it runs ${platform}, and images exist only for ${PLATFORMS.join(' and ')}`, [
      'export DOCKER_HOST=tcp://a-machine-that-fits:2375',
    ]);
  return undefined;
}

/** Whether it can limit the resources of a node; kind refuses a rootless engine that cannot. Pure. */
export function cgroupProblem(
  facts: Pick<EngineFacts, 'cgroupVersion' | 'securityOptions' | 'limits'>,
): MeshdevError | undefined {
  if (!isRootless(facts)) return undefined;
  if (facts.cgroupVersion === '1')
    return notFit('it is rootless on cgroup v1, where it cannot limit the resources of containers', [
      'docker context use default',
      'boot with systemd.unified_cgroup_hierarchy=1',
    ]);
  const { memory, cpu, pids } = facts.limits;
  const missing = Object.entries({ memory, cpu, pids }).flatMap(([name, has]) => (has ? [] : [name]));
  if (missing.length === 0) return undefined;
  return notFit(
    `it is rootless, and the cgroup controllers ${missing.join(', ')} are not delegated to its user`,
    [
      "sudo mkdir -p /etc/systemd/system/user@.service.d && printf '[Service]\\nDelegate=yes\\n' | sudo tee /etc/systemd/system/user@.service.d/delegate.conf && sudo systemctl daemon-reload",
      'docker context use default',
    ],
  );
}

/** Pure. */
export function memoryProblem({ memoryBytes }: Pick<EngineFacts, 'memoryBytes'>): MeshdevError | undefined {
  if (memoryBytes >= LEAST_MEMORY_BYTES) return undefined;
  return notFit(
    `it has ${gibibytes(memoryBytes)} of memory, and a lab needs at least ${gibibytes(LEAST_MEMORY_BYTES)}`,
    ['give the machine or the virtual machine of the engine more memory, then restart the engine'],
  );
}

export function gibibytes(bytes: number): string {
  return `${(bytes / GIB).toFixed(1)} GiB`;
}

/** Whether the engine runs as an ordinary user: then low ports are as closed to it as to us. */
export function isRootless(engine: Pick<EngineInfo, 'securityOptions'>): boolean {
  return engine.securityOptions.some((option) => option.includes('rootless'));
}

/** A version that cannot be read is not held against an engine. */
function isOlder(version: string): boolean {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined || Number(major) === 0) return false;
  return Number(major) < OLDEST[0] || (Number(major) === OLDEST[0] && Number(minor) < OLDEST[1]);
}

function notFit(because: string, remedies: readonly string[]): MeshdevError {
  return new MeshdevError('ENGINE_NOT_FIT', {
    message: `looking at the container engine: ${because}`,
    remedies,
  });
}
