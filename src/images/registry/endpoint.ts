import type { Mirrors } from '../../config/image-settings.ts';
import type { Reference } from './reference.ts';

/** Where an image is really asked for. */
export interface Endpoint {
  /** `https://registry-1.docker.io`, without a slash at the end. */
  readonly base: string;
  readonly repository: string;
  /** Under which names Docker keeps credentials for it, the usual one first. */
  readonly credentialKeys: readonly string[];
  /** As `docker login` and `docker push` name it. */
  readonly host: string;
  readonly mirrored: boolean;
}

const DOCKER_HUB = 'docker.io';
const DOCKER_HUB_API = 'registry-1.docker.io';
/** The key under which `docker login` without an argument keeps its credentials. */
const DOCKER_HUB_KEY = 'https://index.docker.io/v1/';

/** Pure. A mirror of its own wins over the mirror of all. */
export function endpointOf({ registry, repository }: Reference, mirrors: Mirrors): Endpoint {
  const mirror = mirrors[registry] ?? mirrors['*'];
  if (mirror !== undefined) return mirrorEndpoint(mirror, repository);
  const hub = registry === DOCKER_HUB;
  return {
    base: `${isLoopback(registry) ? 'http' : 'https'}://${hub ? DOCKER_HUB_API : registry}`,
    repository,
    credentialKeys: hub ? [DOCKER_HUB_KEY, DOCKER_HUB, DOCKER_HUB_API] : keysOf(registry),
    host: registry,
    mirrored: false,
  };
}

function mirrorEndpoint(mirror: string, repository: string): Endpoint {
  const [, scheme, host = '', prefix = ''] = /^(?:(https?):\/\/)?([^/]+)\/?(.*?)\/*$/.exec(mirror) ?? [];
  const name = prefix === '' ? repository : `${prefix}/${repository}`;
  return {
    base: `${scheme ?? (isLoopback(host) ? 'http' : 'https')}://${host}`,
    repository: name,
    credentialKeys: keysOf(host),
    host,
    mirrored: true,
  };
}

function keysOf(host: string): readonly string[] {
  return [host, `https://${host}`, `http://${host}`, `https://${host}/v1/`, `https://${host}/v2/`];
}

/** As Docker does: a registry on this machine needs no TLS. */
export function isLoopback(host: string): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/.test(host);
}
