import { MeshdevError, textOf } from '../../errors/meshdev-error.ts';
import type { Endpoint } from './endpoint.ts';

/** What can go wrong with a registry, each with what to do about it. */

/** Worth another try: the line, not the content. */
export class PassingFault extends Error {
  /** What it becomes when no try is left. */
  readonly settled: MeshdevError;

  constructor(settled: MeshdevError) {
    super(settled.message);
    this.settled = settled;
  }
}

export function unreachable(doing: string, seen: string, cause?: unknown): PassingFault {
  return new PassingFault(
    new MeshdevError('REGISTRY_UNREACHABLE', {
      message: `${doing}: ${seen}`,
      remedies: ['meshdev up', 'meshdev up --mirror registry.example.com', 'see docs/images.md'],
      cause,
    }),
  );
}

export function refused(doing: string, status: number, endpoint: Endpoint, asWhom: string): MeshdevError {
  return new MeshdevError('REGISTRY_AUTH', {
    message: `${doing}: ${endpoint.host} answered ${status} ${asWhom}`,
    remedies: [`docker login ${endpoint.host}`, 'meshdev up'],
    details: { status },
  });
}

export function notFound(doing: string, name: string, endpoint: Endpoint, tag: string): MeshdevError {
  const there = `${endpoint.host}/${endpoint.repository}:${tag}`;
  return new MeshdevError('IMAGE_NOT_FOUND', {
    message: `${doing}: ${endpoint.host} has no ${endpoint.repository} (${tag})`,
    remedies: endpoint.mirrored
      ? [`docker pull ${name} && docker tag ${name} ${there} && docker push ${there}`, 'meshdev up']
      : ['meshdev up --mirror registry.example.com', 'see docs/images.md'],
    details: { status: 404 },
  });
}

export function corrupt(doing: string, wanted: string, seen: string): PassingFault {
  return new PassingFault(
    new MeshdevError('IMAGE_CORRUPT', {
      message: `${doing}: what came has the digest ${seen}, wanted ${wanted}; nothing of it was kept`,
      remedies: ['meshdev up', 'meshdev up --mirror registry.example.com'],
    }),
  );
}

export function changed(what: string, recorded: string, seen: string, by: string): MeshdevError {
  return new MeshdevError('IMAGE_CHANGED', {
    message: `${what} is ${seen}, and ${by} says ${recorded}: somebody put another one under that name`,
    remedies: ['meshdev images lock', 'meshdev images lock --update'],
    details: { recorded, seen },
  });
}

export function wrongPlatform(name: string, wanted: string, seen: readonly string[]): MeshdevError {
  return new MeshdevError('IMAGE_WRONG_PLATFORM', {
    message: `pulling ${name}: it is there for ${seen.join(', ') || 'no platform'}, and the engine runs ${wanted}`,
    remedies: ['meshdev up --mirror registry.example.com', `docker pull --platform ${wanted} ${name}`],
  });
}

/** A full disk is the machine's fault, not the line's. */
export function diskFull(path: string, cause: unknown): MeshdevError {
  return new MeshdevError('DISK_FULL', {
    message: `writing below ${path}: ${textOf(cause)}; what was written was removed`,
    remedies: ['meshdev images prune', `df -h ${path}`, 'XDG_CACHE_HOME=/larger/disk meshdev up'],
    cause,
  });
}
