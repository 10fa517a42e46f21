import type { ManifestSet } from '../config/manifests/understand.ts';
import type { PolicyRule } from '../config/policy.ts';
import type { EngineManager } from '../engine/engine-manager.ts';
import type { FoundEngine } from '../engine/find-engine.ts';
import type { LabKeys } from '../keys/lab-keys.ts';
import type { CertificateAuthority } from '../ports/certificate-authority.ts';
import type { Cluster } from '../ports/cluster.ts';
import type { ContainerEngine } from '../ports/container-engine.ts';
import type { ImageSource, Provided } from '../ports/image-source.ts';
import type { KeyStore } from '../keys/key-store.ts';
import type { ServiceImages } from '../ports/service-images.ts';
import type { ProcessRunner } from '../ports/process-runner.ts';
import type { RunScope } from '../run/run-scope.ts';
import type { MachineFile } from '../ports/machine-files.ts';
import type { LabOwner } from './lab-owner.ts';
import type { Lab } from '../topology/lab.ts';
import type { ServiceId } from '../topology/service.ts';
import type { LabPaths, Paths } from '../topology/paths.ts';

/** An engine that answers, and how it was found. */
export interface ReachedEngine {
  readonly found: FoundEngine;
  readonly engine: ContainerEngine;
}

/** The directory of meshdev.yaml, and the environment of the command. */
export interface Project {
  readonly dir: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Everything that observers and steps of one lab share; made by the composition root. */
export interface LabContext {
  readonly lab: Lab;
  readonly paths: Paths;
  readonly files: LabPaths;
  /** The package: templates/ and kind-config/ are below it. */
  readonly packageDir: string;
  readonly runner: ProcessRunner;
  readonly engines: EngineManager;
  /** The engine, if one answers now. A later call may find one that an earlier one did not. */
  reachEngine(signal: AbortSignal): Promise<ReachedEngine | undefined>;
  /** @throws MeshdevError ENGINE_NOT_FOUND */
  engine(signal: AbortSignal): Promise<ContainerEngine>;
  images(signal: AbortSignal): Promise<ImageSource>;
  /** Images and tools; made at most once per run. */
  provide(run: RunScope): Promise<Provided>;
  readonly owner: LabOwner;
  readonly keyStore: KeyStore;
  readonly authority: CertificateAuthority;
  /** Key material as it is on disk now. @throws MeshdevError LAB_NOT_UP when there is none */
  keys(): Promise<LabKeys>;
  readonly cluster: Cluster;
  /** `policy:` of meshdev.yaml, where there is one. */
  readonly policy?: readonly PolicyRule[] | undefined;
  /** Where the paths of meshdev.yaml begin, and the variables that its secrets may be in. */
  readonly project: Project;
  /** What services of `manifests` bring, by id; undefined for commands that use the lab as it is. */
  readonly manifests?: ReadonlyMap<ServiceId, ManifestSet> | undefined;
  /** Images of the services of meshdev.yaml, in the engine that answers. */
  serviceImages(signal: AbortSignal): Promise<ServiceImages>;
  /** Java and a browser are asked too, at seconds each. */
  readonly slowClients?: boolean;
  /** Files of the user's own that a lab could change, and what of them speaks of this one. */
  machine(): Promise<readonly MachineFile[]>;
}
