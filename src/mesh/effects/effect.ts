import { z } from 'zod';
import type { KubeObject } from '../../ports/cluster.ts';
import type { Chain } from './chain.ts';

export interface EffectContext {
  readonly namespace: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly chain: Chain;
}

/** What an object does to the chain, in words that name whom it lets in; undefined: nothing. */
export type EffectOf = (object: KubeObject, chain: Chain) => string | undefined;

/** What an object says that has no form that is known: it may do anything. */
const UNREADABLE = 'has a specification that meshdev cannot evaluate';

/** Ties the reading of a specification to what it does. */
export function defineEffect<S extends z.ZodType>(
  shape: S,
  effect: (spec: z.output<S>, context: EffectContext) => string | undefined,
): EffectOf {
  return ({ metadata, ['spec']: spec }, chain) => {
    const read = shape.safeParse(spec ?? {});
    if (!read.success) return UNREADABLE;
    const { namespace = '', annotations = {} } = metadata;
    return effect(read.data, { namespace, annotations, chain });
  };
}

const labels = z.record(z.string(), z.string());

/** How policies say which pods they are for. `targetRefs` name waypoints and gateways of Kubernetes’ API. */
export const selector = {
  selector: z.looseObject({ matchLabels: labels.default({}) }).optional(),
  targetRefs: z.array(z.unknown()).default([]),
};

/** How objects of the network do. */
export const workloadSelector = {
  workloadSelector: z.looseObject({ labels: labels.default({}) }).optional(),
};

export function asText(value: unknown): string {
  if (Array.isArray(value)) return value.map(asText).join(' or ');
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}
