/** The name of an image, taken apart: `docker.io/istio/pilot:<tag>`. */
export interface Reference {
  /** `docker.io`, `ghcr.io`, `host:port`. */
  readonly registry: string;
  readonly repository: string;
  readonly tag: string;
}

/** Reads a full name; a registry is always named here, so nothing has to be guessed. */
export function parseReference(text: string): Reference {
  const slash = text.indexOf('/');
  const colon = text.lastIndexOf(':');
  if (slash < 1 || colon < slash) throw new RangeError(`${text} is not registry/repository:tag`);
  return {
    registry: text.slice(0, slash),
    repository: text.slice(slash + 1, colon),
    tag: text.slice(colon + 1),
  };
}
