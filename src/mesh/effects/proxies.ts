import { z } from 'zod';
import { namesOf, selected } from './chain.ts';
import { defineEffect, selector, workloadSelector } from './effect.ts';

export const ENVOY_FILTER = defineEffect(
  z.looseObject({
    ...workloadSelector,
    targetRefs: z.array(z.unknown()).default([]),
    configPatches: z
      .array(
        z.looseObject({
          applyTo: z.string().default('UNKNOWN'),
          match: z.looseObject({ context: z.string().default('ANY') }).default({ context: 'ANY' }),
          patch: z
            .looseObject({ operation: z.string().default('UNKNOWN') })
            .default({ operation: 'UNKNOWN' }),
        }),
      )
      .default([]),
  }),
  ({ workloadSelector: at, targetRefs, configPatches }, { namespace, chain }) => {
    const targets = targetRefs.length > 0 ? [] : selected(chain, namespace, at?.labels);
    if (targets.length === 0 || configPatches.length === 0) return undefined;
    const patches = configPatches.map(
      ({ applyTo, match, patch }) => `${patch.operation} of ${applyTo} (${match.context})${nameIn(patch)}`,
    );
    return `changes what the proxies of ${namesOf(targets)} run: ${patches.join('; ')}`;
  },
);

/** The filter that a patch brings, where it says its name. */
function nameIn(patch: Readonly<Record<string, unknown>>): string {
  const { value } = patch;
  if (typeof value !== 'object' || value === null || !('name' in value)) return '';
  return typeof value.name === 'string' ? `, ${value.name}` : '';
}

export const SIDECAR = defineEffect(
  z.looseObject({
    ...workloadSelector,
    ingress: z.array(z.looseObject({ port: z.looseObject({ number: z.number() }).optional() })).default([]),
    egress: z.array(z.looseObject({ hosts: z.array(z.string()).default([]) })).default([]),
  }),
  ({ workloadSelector: at, ingress, egress }, { namespace, chain }) => {
    const targets = selected(chain, namespace, at?.labels);
    if (targets.length === 0) return undefined;
    const ports = ingress.flatMap(({ port }) => port?.number ?? []);
    const does = [
      ...(ports.length === 0 ? [] : [`own listeners on port ${ports.join(', ')}`]),
      ...(egress.length === 0 ? [] : [`only calls to ${egress.flatMap(({ hosts }) => hosts).join(', ')}`]),
    ];
    return `decides what the sidecars of ${namesOf(targets)} listen on and know: ${does.join('; ') || 'nothing'}`;
  },
);

export const TELEMETRY = defineEffect(
  z.looseObject({ ...selector }),
  ({ selector: at, targetRefs, ...settings }, { namespace, chain }) => {
    const targets = targetRefs.length > 0 ? [] : selected(chain, namespace, at?.matchLabels);
    const kinds = ['accessLogging', 'tracing', 'metrics'].filter((kind) => settings[kind] !== undefined);
    return targets.length === 0 || kinds.length === 0
      ? undefined
      : `decides what the proxies of ${namesOf(targets)} record, and who receives it: ${kinds.join(', ')}`;
  },
);

export const WASM_PLUGIN = defineEffect(
  z.looseObject({ ...selector, url: z.string().default('an unknown place') }),
  ({ selector: at, targetRefs, url }, { namespace, chain }) => {
    const targets = targetRefs.length > 0 ? [] : selected(chain, namespace, at?.matchLabels);
    return targets.length === 0
      ? undefined
      : `runs code of ${url} in the proxies of ${namesOf(targets)}: it sees and may change every request`;
  },
);

export const PROXY_CONFIG = defineEffect(
  z.looseObject({ ...selector, environmentVariables: z.record(z.string(), z.string()).default({}) }),
  ({ selector: at, environmentVariables }, { namespace, chain }) => {
    const targets = selected(chain, namespace, at?.matchLabels);
    const names = Object.keys(environmentVariables);
    return targets.length === 0
      ? undefined
      : `sets how the proxies of ${namesOf(targets)} start: ${names.join(', ') || 'image or concurrency'}`;
  },
);
