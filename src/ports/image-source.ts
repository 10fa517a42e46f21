import type { Readable } from 'node:stream';
import type { Profile } from '../profiles.ts';
import type { RunScope } from '../run/run-scope.ts';

export type SourceKind = 'registry' | 'bundle' | 'packages';

/** An image that a node must hold, and the digest of its manifest. */
export interface NodeImage {
  readonly name: string;
  readonly digest: string;
}

/** Images that are streamed into the node, since the node image does not carry them. */
export interface NodeImages {
  readonly images: readonly NodeImage[];
  readonly bytes: number;
  /** The archive (OCI layout), made while it is read; a fresh one each time. */
  open(): Promise<Readable>;
}

/** Image references that the engine holds once a source has provided them. */
export interface LabImages {
  /** kind node image; carries every in-cluster image that is not in `inCluster`. */
  readonly node: string;
  /** Caddy. */
  readonly edge: string;
  /** Node.js base with the identity provider and the probe. */
  readonly guest: string;
}

/** Absolute paths of the programs that drive a lab. */
export interface LabTools {
  readonly kind: string;
  readonly istioctl: string;
}

export interface Provided {
  readonly images: LabImages;
  readonly tools: LabTools;
  /** Images to stream into the node; undefined when the node image carries them all. */
  readonly inCluster?: NodeImages;
  /** Digest over everything that went in: a lab made from another one is out of date. */
  readonly digest: string;
}

/** What a source would have to do; answered without changing anything. */
export interface Survey {
  readonly digest: string;
  /** The references that `provide` will return; they carry content keys, so they are known before. */
  readonly images: LabImages;
  /** What the node must hold beside its own images; empty also while their digests are not known yet. */
  readonly inCluster: readonly NodeImage[];
  /** Stages or images that are not there yet, in the order they would be made. */
  readonly missing: readonly string[];
  readonly because: string;
  /** Bytes of free disk that the missing part needs. */
  readonly neededBytes: number;
  /** Rough duration of the missing part on this machine, in seconds. */
  readonly aboutSeconds: number;
}

/** The one interface of the three image sources. */
export interface ImageSource {
  readonly kind: SourceKind;
  /** What its images bring: decides the mesh's settings, the node's network and what checks expect. */
  readonly profile: Profile;
  survey(signal: AbortSignal): Promise<Survey>;
  /**
   * What `provide` would install on this machine first, in words that consent can be asked with; undefined where it
   * needs nothing that is not there. Changes nothing.
   */
  prerequisites(signal: AbortSignal): Promise<string | undefined>;
  /**
   * Whether what is missing fits on the disks it goes to. Changes nothing.
   * @throws MeshdevError DISK_FULL naming needed and free bytes, by path
   */
  ensureRoom(signal: AbortSignal): Promise<void>;
  /** Idempotent: makes what is missing, loads it into the engine, returns references and tools. */
  provide(run: RunScope): Promise<Provided>;
}
