import type { ServiceCell } from '../../topology/service-matrix.ts';
import type { TracedRequest } from '../traced-request.ts';
import type { PodAnswer } from './service-wire.ts';

/** One cell of the access matrix of a service, and how it was tried. */
export type ServiceCellSeen = { readonly cell: ServiceCell } & (
  | { readonly how: 'edge'; readonly traced: TracedRequest }
  /** With the identity of the caller, at every pod of the service. */
  | { readonly how: 'mesh'; readonly answers: readonly PodAnswer[] }
  /** Not sent, since it could change data: the running configuration of the sidecars says what they would do. */
  | { readonly how: 'configuration'; readonly request: JudgedRequest }
  | { readonly how: 'not-asked'; readonly because: string }
);

/** What a sidecar would know of a request. */
export interface JudgedRequest {
  readonly method: string;
  readonly path: string;
  readonly host: string;
  /** Of the pod. */
  readonly port: number;
  /** SPIFFE ID of the client. */
  readonly principal: string;
  /** Of a verified token. */
  readonly token?: { readonly issuer: string; readonly subject: string; readonly roles: readonly string[] };
}

/** Requests without a token, and with a good one in the query instead of the header. */
export interface WithoutToken {
  readonly none: TracedRequest;
  readonly query: TracedRequest;
}
