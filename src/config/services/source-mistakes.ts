import type { Problem } from '../problem.ts';
import type { Draft, ServiceDraft } from './draft.ts';
import { SOURCE_KEYS } from './service-schema.ts';

/** Keys that describe a container of meshdev's making. */
const OF_A_CONTAINER = [
  'environment',
  'env_file',
  'secrets',
  'volumes',
  'resources',
  'replicas',
  'command',
  'trust',
] as const;

/** Where the program comes from, and keys that have no meaning with that. */
export function sourceMistakes({ services }: Draft): readonly Problem[] {
  return services.flatMap((service) => [
    ...sourceCount(service),
    ...portOf(service),
    ...withoutMeaning(service),
  ]);
}

function sourceCount({ path, sources }: ServiceDraft): readonly Problem[] {
  if (sources.length === 1) return [];
  const [, second] = sources;
  if (second === undefined) return [{ path, on: 'key', message: `needs one of ${SOURCE_KEYS.join(', ')}` }];
  return [
    {
      path: [...path, second],
      on: 'key',
      message: `${sources.join(' and ')} are both given: needs exactly one of ${SOURCE_KEYS.join(', ')}`,
    },
  ];
}

function portOf({ path, sources, has }: ServiceDraft): readonly Problem[] {
  const local = sources.includes('local');
  if (local && has('port'))
    return [{ path: [...path, 'port'], on: 'key', message: 'the port of a local process is local.port' }];
  if (!local && !has('port')) return [{ path, on: 'key', message: 'needs a port: the one that is routed' }];
  return [];
}

function withoutMeaning({ path, sources, has }: ServiceDraft): readonly Problem[] {
  const [source] = sources;
  if (sources.length !== 1 || (source !== 'manifests' && source !== 'local')) return [];
  const why =
    source === 'manifests'
      ? 'has no effect with manifests: they say it themselves'
      : 'has no effect with local: meshdev makes no container of it';
  const keys = source === 'manifests' ? OF_A_CONTAINER : [...OF_A_CONTAINER, 'extraPorts'];
  return keys.filter(has).map((key) => ({ path: [...path, key], on: 'key', message: why }));
}
