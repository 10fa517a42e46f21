/** What the lab gives to the pods of every service. */
export interface LabMaterial {
  /** The root that programs in the pods verify the edge with. */
  readonly edgeRootPem: string;
  /** The root of the mesh: pods are replaced when it changes. */
  readonly meshRootPem: string;
  /** Key of the digests that tell whether a pod has read what it would read now. Secret. */
  readonly digestKey: string;
}

/** What the container of a service is given beside what meshdev.yaml says of it. Holds secrets: show it nowhere. */
export interface ServiceMaterial {
  /** Reference of its image in the node, by content. */
  readonly image: string;
  /** Values of `env_file` and of secrets that are variables. */
  readonly variables: Readonly<Record<string, string>>;
  /** Secrets that are mounted as files, by name. */
  readonly secretFiles: Readonly<Record<string, Uint8Array>>;
  /** Contents of the files of the project that are mounted, by their path in the container. */
  readonly files: Readonly<Record<string, Uint8Array>>;
}
