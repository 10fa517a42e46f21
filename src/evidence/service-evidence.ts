import type { Service } from '../topology/service.ts';
import type { TokenRequest } from './tokens.ts';
import type { TracedRequest } from './traced-request.ts';

/** Everything that is gathered for one service of meshdev.yaml; each key once per run and service, concurrently. */
export interface ServiceEvidenceMap {
  /** The honest request through the edge; undefined: the service has none. */
  readonly 'service.control': TracedRequest | undefined;
  /** Forged tokens on the path of the honest request. */
  readonly 'service.tokens': readonly TokenRequest[];
}

export type ServiceEvidenceKey = keyof ServiceEvidenceMap;

/** Gathers one kind of evidence about one service. */
export type CollectService = (service: Service, key: ServiceEvidenceKey) => Promise<unknown>;
