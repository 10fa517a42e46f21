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
  /** The edge root beside the certificates that the shell's NODE_EXTRA_CA_CERTS already named. */
  readonly nodeExtraCa: string;
  readonly record: string;
  /** What the last checks found red. */
  readonly lastCheck: string;
  /** Whose the lab is. */
  readonly owner: string;
  /** Link to the istioctl that the lab was made with. */
  readonly istioctl: string;
  readonly lock: string;
}

/**
 * XDG base directories, on every system: meshdev is a tool of the command line, and one place on Linux,
 * macOS and WSL2 is what its users share. As that specification says, an empty or a relative value counts
 * as none. Pure.
 */
export function pathsFrom(env: Readonly<Record<string, string | undefined>>, home: string): Paths {
  const base = (variable: string, fallback: string): string => {
    const given = env[variable] ?? '';
    return given.startsWith('/') ? given : `${home}/${fallback}`;
  };
  return {
    cacheDir: `${base('XDG_CACHE_HOME', '.cache')}/meshdev`,
    stateDir: `${base('XDG_STATE_HOME', '.local/state')}/meshdev`,
  };
}

export function labPaths(paths: Paths, name: string): LabPaths {
  const labDir = `${paths.stateDir}/labs/${name}`;
  return {
    labDir,
    kubeconfig: `${labDir}/kubeconfig`,
    edgeRoot: `${labDir}/edge-root.crt`,
    nodeExtraCa: `${labDir}/node-extra-ca.crt`,
    record: `${labDir}/lab.json`,
    lastCheck: `${labDir}/last-check.json`,
    owner: `${labDir}/owner.json`,
    istioctl: `${labDir}/istioctl`,
    lock: `${paths.stateDir}/locks/${name}.lock`,
  };
}
