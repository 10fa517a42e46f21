import type { Duplex, Readable } from 'node:stream';

/** Names one object of the cluster; `namespace` is absent for cluster-wide kinds. */
export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** What the API adds: uid, resourceVersion, creationTimestamp … */
  readonly [field: string]: unknown;
}

/** A Kubernetes object as JSON: `spec`, `data`, `status` and so on are read with care. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

/** One value that is not as wanted. Values of Secrets are never shown. */
export interface Difference {
  /** `spec.mtls.mode`, `spec.rules[0].from`. */
  readonly path: string;
  readonly seen: string;
  readonly wanted: string;
}

export type Comparison =
  | { readonly kind: 'same'; readonly ref: ObjectRef }
  | { readonly kind: 'missing'; readonly ref: ObjectRef }
  | { readonly kind: 'differs'; readonly ref: ObjectRef; readonly differences: readonly Difference[] };

/** What a dry run of creating an object came to, and which component refused it. */
export type Admission =
  | { readonly kind: 'admitted'; readonly object: KubeObject }
  | { readonly kind: 'refused'; readonly by: 'webhook'; readonly webhook: string; readonly message: string }
  /** The webhook is configured and could not be asked: not serving yet, or unreachable. */
  | {
      readonly kind: 'refused';
      readonly by: 'unreachable-webhook';
      readonly webhook: string;
      readonly message: string;
    }
  | { readonly kind: 'refused'; readonly by: 'api'; readonly status: number; readonly message: string };

export interface ListQuery {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  /** All of these, exactly. */
  readonly labels?: Readonly<Record<string, string>>;
}

export interface PodLogQuery {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly sinceTime?: Date;
  /** The last so many lines. */
  readonly tail?: number;
  /** Of the container's run before the last restart. */
  readonly previous?: boolean;
}

/** A port of a pod that may listen on the pod's loopback only. */
export interface PodPort {
  readonly namespace: string;
  readonly pod: string;
  readonly port: number;
}

/** A GET of such a port. */
export interface PodPortQuery extends PodPort {
  readonly path: string;
  readonly timeoutMs: number;
}

export interface PodPortAnswer {
  readonly status: number;
  readonly body: string;
}

export interface PodExec {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly argv: readonly string[];
  /** A stream is sent as it comes. */
  readonly stdin?: string | Uint8Array | Readable;
  /** Is handed stdout as it comes; the result has none of it then. */
  readonly onStdout?: (chunk: Buffer) => void;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

/**
 * The Kubernetes API of one lab. Nothing is retried in here: an API server or webhook that does not
 * serve yet is waited for by the caller, who knows how long that may take.
 *
 * Every call throws MeshdevError: LAB_NOT_UP when nobody listens, CLUSTER_CALL_FAILED when the API
 * refuses, INTERRUPTED when the signal fires.
 */
export interface Cluster {
  /** `/readyz`: false while the API server answers and is not ready. */
  ready(signal: AbortSignal): Promise<boolean>;
  /**
   * Server-side apply with force, so that a field somebody changed comes back. Namespaces and CRDs go
   * first. Istio's objects end with exactly the wanted `spec`: keys that others added are removed.
   */
  apply(objects: readonly KubeObject[], signal: AbortSignal): Promise<void>;
  /** In the order of `objects`; changes nothing. */
  compare(objects: readonly KubeObject[], signal: AbortSignal): Promise<readonly Comparison[]>;
  /** Dry run of creating the object. */
  admission(object: KubeObject, signal: AbortSignal): Promise<Admission>;
  get(ref: ObjectRef, signal: AbortSignal): Promise<KubeObject | undefined>;
  /** Empty also where the cluster does not know the kind. */
  list(query: ListQuery, signal: AbortSignal): Promise<readonly KubeObject[]>;
  /** In the background on the server's side; an object that is not there is no error. */
  remove(refs: readonly ObjectRef[], signal: AbortSignal): Promise<void>;
  podLogs(query: PodLogQuery, signal: AbortSignal): Promise<string>;
  /** Any status is a result. Throws TIMED_OUT after `timeoutMs`. */
  getFromPod(query: PodPortQuery, signal: AbortSignal): Promise<PodPortAnswer>;
  /** A connection to the port, which ends with the signal; an error of it says what the API server refused. */
  connectToPod(port: PodPort, signal: AbortSignal): Promise<Duplex>;
  /** A non-zero exit is a result. Throws TIMED_OUT after `timeoutMs`. */
  exec(call: PodExec): Promise<ExecResult>;
}

/** The reference of an object. */
export function refOf({ apiVersion, kind, metadata: { name, namespace } }: KubeObject): ObjectRef {
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

/** `Gateway istio-ingress/public`, for messages. */
export function nameOf({ kind, name, namespace }: ObjectRef): string {
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}
