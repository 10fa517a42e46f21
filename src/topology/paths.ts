/** Where meshdev keeps what: a cache that can be thrown away, and state with keys that cannot. */
export interface Paths {
  readonly cacheDir: string;
  readonly stateDir: string;
}

/** Everything that belongs to one lab; `down` removes all of it. */
export interface LabPaths {
  readonly labDir: string;
  readonly kubeconfig: string;
  /** Public certificate of the edge root, for `--cacert` and friends. */
  readonly edgeRoot: string;
  readonly record: string;
  readonly lock: string;
}

/** XDG base directories; `HOME` is required by both defaults. */
export function pathsFrom(env: Readonly<Record<string, string | undefined>>, home: string): Paths {
  return {
    cacheDir: `${env['XDG_CACHE_HOME'] ?? `${home}/.cache`}/meshdev`,
    stateDir: `${env['XDG_STATE_HOME'] ?? `${home}/.local/state`}/meshdev`,
  };
}

export function labPaths(paths: Paths, name: string): LabPaths {
  const labDir = `${paths.stateDir}/labs/${name}`;
  return {
    labDir,
    kubeconfig: `${labDir}/kubeconfig`,
    edgeRoot: `${labDir}/edge-root.crt`,
    record: `${labDir}/lab.json`,
    lock: `${paths.stateDir}/locks/${name}.lock`,
  };
}
