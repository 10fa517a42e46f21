import type { Service } from '../topology/service.ts';
import type { PolicyState } from './policy-state.ts';
import type { ServiceCellSeen, WithoutToken } from './services/service-cells.ts';
import type { ServiceDrift } from './services/service-objects.ts';
import type { ServicePods } from './services/service-pods.ts';
import type { ServiceEdge, ServiceNames, ServiceProxies, ServiceRoutes } from './services/service-views.ts';
import type { PodWire } from './services/service-wire.ts';
import type { TokenFacts, TokenRequest } from './tokens.ts';
import type { TracedRequest } from './traced-request.ts';

/** Everything that is gathered for one service of meshdev.yaml; each key once per run and service, concurrently. */
export interface ServiceEvidenceMap {
  /** The honest request of a person through the edge; undefined: the service has none. */
  readonly 'service.control': TracedRequest | undefined;
  /** What the token of that request says; undefined likewise. */
  readonly 'service.token': TokenFacts | undefined;
  /** Forged tokens on the path of the honest request; empty where there is none. */
  readonly 'service.tokens': readonly TokenRequest[];
  /** The honest request without its token; undefined where there is none. */
  readonly 'service.without-token': WithoutToken | undefined;
  /** Cells of the access matrix. */
  readonly 'service.cells': readonly ServiceCellSeen[];
  readonly 'service.objects': ServiceDrift;
  readonly 'service.pods': ServicePods;
  /** One for each pod that has an address. */
  readonly 'service.wire': readonly PodWire[];
  readonly 'service.proxies': ServiceProxies;
  /** Policies of the whole cluster, and those in force. */
  readonly 'service.policies': PolicyState;
  readonly 'service.edge': ServiceEdge;
  readonly 'service.names': ServiceNames;
  readonly 'service.routes': ServiceRoutes;
}

export type ServiceEvidenceKey = keyof ServiceEvidenceMap;

/** Gathers one kind of evidence about one service. */
export type CollectService = (service: Service, key: ServiceEvidenceKey) => Promise<unknown>;
