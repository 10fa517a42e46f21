/** The name of an image as people write it, with what Docker adds to it. */
export interface ImageName {
  /** As it was written. */
  readonly text: string;
  /** `docker.io`, `ghcr.io`, `host:port`. */
  readonly registry: string;
  readonly repository: string;
  /** `latest` where neither a tag nor a digest is written. */
  readonly tag: string;
  /** `sha256:…`; it decides, whatever tag stands before it. */
  readonly digest: string | undefined;
  /** The whole name: `docker.io/library/node:22`, or with `@sha256:…` in place of the tag. */
  readonly full: string;
}

const DOCKER_HUB = 'docker.io';

/** Reads a name by the rules of the docker client. Pure. */
export function imageName(text: string): ImageName {
  const [named = '', digest] = text.split('@', 2);
  const slash = named.indexOf('/');
  const first = named.slice(0, Math.max(slash, 0));
  const hasRegistry = first === 'localhost' || /[.:]/.test(first);
  const rest = hasRegistry ? named.slice(slash + 1) : named;
  const registry = hasRegistry && first !== 'index.docker.io' ? first : DOCKER_HUB;
  const colon = rest.lastIndexOf(':');
  const path = colon < 0 ? rest : rest.slice(0, colon);
  const repository = registry === DOCKER_HUB && !path.includes('/') ? `library/${path}` : path;
  const tag = colon < 0 ? 'latest' : rest.slice(colon + 1);
  const full = `${registry}/${repository}${digest === undefined ? `:${tag}` : `@${digest}`}`;
  return { text, registry, repository, tag, digest, full };
}

/** The name that the engine writes into an archive: Docker leaves out what it adds to a short name. Pure. */
export function nameInArchive(name: ImageName): string {
  if (name.digest !== undefined) return nameInEngine(name);
  if (name.registry !== DOCKER_HUB) return name.full;
  return `${name.repository.replace(/^library\//, '')}:${name.tag}`;
}

/**
 * The name under which the engine is given a fetched image: its own or, since an archive cannot carry a digest as a
 * name, one of meshdev. Pure.
 */
export function nameInEngine({ full, digest, repository }: ImageName): string {
  if (digest === undefined) return full;
  const last = repository.slice(repository.lastIndexOf('/') + 1);
  return `meshdev.local/fetched/${last}:${digest.slice('sha256:'.length).slice(0, 16)}`;
}
