import type { Collect } from '../../evidence/collect.ts';
import type {
  CollectService,
  ServiceEvidenceKey,
  ServiceEvidenceMap,
} from '../../evidence/service-evidence.ts';
import type { Service } from '../../topology/service.ts';
import { bounded, EVIDENCE_MS, TURNS } from '../bounded.ts';
import { once } from '../../once.ts';
import type { ProbeContext } from '../probe-context.ts';
import { factsOf } from '../tokens/tokens.ts';
import { collectServiceCells } from './service-cells.ts';
import {
  collectControl,
  collectServiceTokens,
  collectWithoutToken,
  personalControl,
} from './service-control.ts';
import { type ComparedObjects, compareServices, driftOfService } from './service-objects.ts';
import { collectServicePods } from './service-pods.ts';
import { createTokensFor, type TokensFor } from './service-tokens.ts';
import { viewEdge, viewNames, viewProxies, viewRoutes } from './service-views.ts';
import { collectServiceWire, type ForgedClients, forgeClients } from './service-wire.ts';

type Gather = { readonly [Key in ServiceEvidenceKey]: () => Promise<ServiceEvidenceMap[Key]> };

/** What all services share. */
interface Shared {
  readonly probeContext: ProbeContext;
  /** Gathers each key once, whoever asks. */
  readonly collect: Collect;
  /** How long each kind of evidence may take. */
  readonly evidenceMs: number;
  readonly tokensFor: TokensFor;
  readonly clients: () => Promise<ForgedClients>;
  readonly objects: () => Promise<ComparedObjects>;
}

/**
 * Who gathers what about one service of the user's. Sign-ins, forged certificates and what the lab is asked anyway are
 * gathered once for all of them.
 * @param collect of the same run, through `sharedCollect`
 */
export function createCollectService(
  probeContext: ProbeContext,
  collect: Collect,
  evidenceMs: number = EVIDENCE_MS,
): CollectService {
  const shared: Shared = {
    probeContext,
    collect,
    evidenceMs,
    tokensFor: createTokensFor(probeContext),
    clients: once(() => forgeClients(probeContext)),
    objects: once(() => bounded(probeContext, compareServices, evidenceMs)),
  };
  const gathering = new Map<string, Gather>();
  return (service, key) => {
    const gather = gathering.get(service.id) ?? gatherFor(service, shared);
    gathering.set(service.id, gather);
    return gather[key]();
  };
}

function gatherFor(
  service: Service,
  { probeContext, collect, evidenceMs, tokensFor, clients, objects }: Shared,
): Gather {
  type Within = <T>(collector: (bound: ProbeContext) => Promise<T>) => Promise<T>;
  const within: Within = (collector) => bounded(probeContext, collector, evidenceMs);
  const inTurn: Within = (collector) => bounded(probeContext, collector, evidenceMs * TURNS);
  const pods = once(() => within((bound) => collectServicePods(bound, service)));
  return {
    'service.objects': async () => driftOfService(await objects(), service),
    'service.pods': pods,
    'service.control': once(() => within((bound) => collectControl(bound, service, tokensFor))),
    'service.token': async () => {
      const control = personalControl(service);
      if (control === undefined) return undefined;
      return factsOf((await tokensFor(control.person, control.service.audience)).accessToken);
    },
    'service.tokens': once(() => inTurn((bound) => collectServiceTokens(bound, service, tokensFor))),
    'service.without-token': once(() => inTurn((bound) => collectWithoutToken(bound, service, tokensFor))),
    'service.cells': once(() =>
      inTurn(async (bound) =>
        collectServiceCells(bound, service, {
          seen: await pods(),
          tokensFor,
          forger: (await clients()).forger,
        }),
      ),
    ),
    'service.wire': once(() =>
      within(async (bound) =>
        collectServiceWire(bound, service, { seen: await pods(), tokensFor, clients: await clients() }),
      ),
    ),
    'service.proxies': async () => viewProxies(collect, service, await pods()),
    'service.policies': () => collect('policy.state'),
    'service.edge': once(() => within((bound) => viewEdge(bound, collect, service))),
    'service.names': () => viewNames(collect, service),
    'service.routes': () => viewRoutes(collect),
  };
}
