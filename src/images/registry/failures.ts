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
      remedies: ['meshdev up', 'meshdev up --mirror registry.example.com', 'meshdev docs images'],
      cause,
    }),
  );
}

/** Who a registry was asked as. */
export interface Whose {
  /** Docker's credentials were shown. */
  readonly known: boolean;
  /** Why there were none, where there should have been some. */
  readonly trouble?: HelperTrouble;
}

/** A credential helper that could not be asked: what is wrong, and a command that shows it. */
export interface HelperTrouble {
  readonly seen: string;
  readonly remedy: string;
}

export const NOBODY: Whose = { known: false };

export interface Refusal {
  readonly status: number;
  readonly endpoint: Endpoint;
  readonly whose: Whose;
  /** The registry's own words, in brackets, or nothing. */
  readonly said: string;
}

export function refused(doing: string, { status, endpoint, whose, said }: Refusal): MeshdevError {
  const { known, trouble } = whose;
  const asked = known ? 'to the credentials of Docker' : 'to an anonymous request';
  return new MeshdevError('REGISTRY_AUTH', {
    message: `${doing}: ${endpoint.host} answered ${status} ${asked}${said}${trouble === undefined ? '' : `; ${trouble.seen}`}`,
    remedies: [
      ...(trouble === undefined ? [] : [trouble.remedy]),
      `docker login ${endpoint.host}`,
      'meshdev up',
    ],
    details: { status },
  });
}

/** Records what is behind each name now. */
export const RELOCK = 'meshdev images lock --update';

/** An image that a registry does not have, under a tag or a digest. */
export interface Absent {
  readonly name: string;
  readonly endpoint: Endpoint;
  readonly tag: string;
  /** What was asked for. */
  readonly by: string;
  /** Records anew; where a digest is recorded, pushing the image is not enough: it gets another one. */
  readonly relock: string | undefined;
}

export function notFound(doing: string, { name, endpoint, tag, by, relock }: Absent): MeshdevError {
  const there = `${endpoint.host}/${endpoint.repository}:${tag}`;
  const recorded = relock === undefined ? [] : [relock];
  return new MeshdevError('IMAGE_NOT_FOUND', {
    message: `${doing}: ${endpoint.host} has no ${endpoint.repository} (${by})`,
    remedies: endpoint.mirrored
      ? [
          `docker pull ${name} && docker tag ${name} ${there} && docker push ${there}`,
          ...recorded,
          'meshdev up',
        ]
      : [...recorded, 'meshdev up --mirror registry.example.com', 'meshdev docs images'],
    details: { status: 404 },
  });
}

export function corrupt(doing: string, wanted: string, seen: string): PassingFault {
  return new PassingFault(
    new MeshdevError('IMAGE_CORRUPT', {
      message: `${doing}: the downloaded content has the digest ${seen}, expected ${wanted}; it was discarded`,
      remedies: ['meshdev up', 'meshdev up --mirror registry.example.com'],
    }),
  );
}

export interface Change {
  readonly recorded: string;
  readonly seen: string;
  /** Who recorded it. */
  readonly by: string;
  /** The command that records what is there now. */
  readonly relock: string;
}

export function changed(what: string, { recorded, seen, by, relock }: Change): MeshdevError {
  return new MeshdevError('IMAGE_CHANGED', {
    message: `${what} is ${seen}, and ${by} has ${recorded}: the name now refers to a different one`,
    remedies: ['meshdev images lock', relock, 'meshdev up'],
    details: { recorded, seen },
  });
}

export function wrongPlatform(name: string, wanted: string, seen: readonly string[]): MeshdevError {
  return new MeshdevError('IMAGE_WRONG_PLATFORM', {
    message: `pulling ${name}: it exists for ${seen.join(', ') || 'no platform'}, and the engine runs ${wanted}`,
    remedies: ['meshdev up --mirror registry.example.com', `docker pull --platform ${wanted} ${name}`],
  });
}

/** A full disk is the machine's fault, not the line's. */
export function diskFull(path: string, cause: unknown): MeshdevError {
  return new MeshdevError('DISK_FULL', {
    message: `writing below ${path}: ${textOf(cause)}; the incomplete files were removed`,
    remedies: ['meshdev images prune', `df -h ${path}`, 'XDG_CACHE_HOME=/larger/disk meshdev up'],
    cause,
  });
}
