import { MeshdevError } from '../errors/meshdev-error.ts';
import type { EngineInfo } from '../ports/container-engine.ts';
import { enginePlatform } from './platform.ts';

/** What of an engine decides whether a lab can run on it. */
export type EngineFacts = Pick<
  EngineInfo,
  'version' | 'osType' | 'arch' | 'cgroupVersion' | 'securityOptions'
>;

/** The oldest engine that a lab was run on. */
const OLDEST = [20, 10] as const;
const PLATFORMS = ['linux/amd64', 'linux/arm64'];

/** Why no lab can run on this engine, before anything is made on it; undefined when one can. Pure. */
export function engineProblem(facts: EngineFacts): MeshdevError | undefined {
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
  if (isOlder(facts.version))
    return notFit(`it is Docker ${facts.version}; version ${OLDEST.join('.')} or later is required`, [
      'update Docker as described for this system at https://docs.docker.com/engine/install/',
    ]);
  if (isRootless(facts) && facts.cgroupVersion === '1')
    return notFit('it is rootless on cgroup v1, where it cannot limit the resources of containers', [
      'docker context use default',
      'boot with systemd.unified_cgroup_hierarchy=1',
    ]);
  return undefined;
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
