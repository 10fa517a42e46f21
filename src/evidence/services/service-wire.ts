import type { ProxyRecord } from '../../records/proxy-record.ts';
import type { CertificateProbe } from '../bad-certificates.ts';
import type { WireResult } from '../wire-result.ts';

/** A request to one pod, past every gateway, with the answer and what the sidecar of that pod wrote of it. */
export interface PodAnswer {
  readonly pod: string;
  /** SPIFFE ID of the certificate that was shown. */
  readonly as: string;
  readonly wire: WireResult;
  /** Undefined where it wrote nothing, and for connections of `tcp`, which have no record. */
  readonly record: ProxyRecord | undefined;
}

/** What the non-mesh client got from one pod of a service of the user's. */
export interface PodWire {
  readonly pod: string;
  readonly plaintext: WireResult;
  /** An identity that some rule names, or that of the gateway: its certificate has to be accepted. */
  readonly honest: PodAnswer;
  /** A workload of the mesh that no rule names. */
  readonly unlisted: PodAnswer;
  /** That workload with a good token of a person; undefined where people do not come, or there is no token. */
  readonly stolenToken: PodAnswer | undefined;
  readonly tls12: WireResult;
  readonly forged: readonly CertificateProbe[];
  /** Plaintext to each port that listens on more than the pod's loopback. */
  readonly ports: readonly { readonly port: number; readonly wire: WireResult }[];
}
