import { diskIsHere } from '../../engine/engine-place.ts';
import type { FoundEngine } from '../../engine/find-engine.ts';
import type { EnginePlan } from '../../engine/plan-engine.ts';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { ContainerEngine } from '../../ports/container-engine.ts';
import type { EngineAnswer, EngineSeen, Fact } from '../../ports/host-facts.ts';
import { absent, seen } from './read-fact.ts';

export interface EngineSources {
  /** The engine that answers now. @throws MeshdevError ENGINE_NOT_FOUND where one is named and does not answer */
  readonly reachEngine: (signal: AbortSignal) => Promise<Reached | undefined>;
  /** What would have to change for one to answer. */
  readonly planEngine: (signal: AbortSignal) => Promise<EnginePlan>;
  /** As Node.js names it. */
  readonly platform: string;
}

interface Reached {
  readonly found: FoundEngine;
  readonly engine: ContainerEngine;
}

/** An engine that answered, or why there is none. */
export type Looked =
  | ({ readonly kind: 'found' } & Reached)
  | { readonly kind: 'none'; readonly answer: Extract<EngineAnswer, { readonly kind: 'silent' }> };

export async function lookForEngine(sources: EngineSources, signal: AbortSignal): Promise<Fact<Looked>> {
  try {
    const reached = await sources.reachEngine(signal);
    if (reached !== undefined) return seen({ kind: 'found', ...reached });
  } catch (error) {
    if (!(error instanceof MeshdevError) || error.code !== 'ENGINE_NOT_FOUND') throw error;
    return seen({
      kind: 'none',
      answer: { kind: 'silent', because: error.message, remedies: error.remedies },
    });
  }
  return seen({ kind: 'none', answer: await silence(sources, signal) });
}

async function silence(
  { planEngine }: EngineSources,
  signal: AbortSignal,
): Promise<Extract<EngineAnswer, { readonly kind: 'silent' }>> {
  const planned = await planEngine(signal);
  if (planned.kind === 'impossible')
    return {
      kind: 'silent',
      because: `no container engine answers, and ${planned.because}`,
      remedies: planned.remedies,
    };
  return {
    kind: 'silent',
    because: `no container engine answers: ${planned.because}`,
    remedies: ['meshdev engine start', 'meshdev engine status'],
  };
}

/** The same for the judge of MD-HOST-001. */
export function answerOf(looked: Looked): EngineAnswer {
  if (looked.kind === 'none') return looked.answer;
  const { version, because } = looked.found;
  return { kind: 'answers', version, because };
}

export const NO_ENGINE = 'no container engine answers';

export async function readEngine(
  looked: Looked,
  platform: string,
  signal: AbortSignal,
): Promise<Fact<EngineSeen>> {
  if (looked.kind === 'none') return absent(NO_ENGINE);
  const { engine, found } = looked;
  // The first call loads the client, which is no part of the round trip.
  await engine.info(signal);
  const askedAt = Date.now();
  const info = await engine.info(signal);
  const answeredAt = Date.now();
  const { endpoint } = found;
  return seen({ endpoint, info, askedAt, answeredAt, diskIsHere: diskIsHere(platform, endpoint, info) });
}
