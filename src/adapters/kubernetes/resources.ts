import { z } from 'zod';
import type { ObjectRef } from '../../ports/cluster.ts';
import { refused, type Api } from './api.ts';
import { readJsonAnswer } from '../../read-answer.ts';

/** How the API server calls a kind in its paths. */
interface Resource {
  readonly plural: string;
  readonly namespaced: boolean;
}

const shape = z.object({
  resources: z.array(z.object({ name: z.string(), kind: z.string(), namespaced: z.boolean() })),
});

/** Paths of objects of any kind, from the server's own discovery; answers are kept. */
export interface Resources {
  /** Undefined when the server does not know the kind (its CRD is not there, or not yet). */
  pathOf(
    ref: Omit<ObjectRef, 'name'> & { readonly name?: string },
    signal: AbortSignal,
  ): Promise<string | undefined>;
}

export function createResources(api: Api): Resources {
  const asked = new Map<string, Promise<ReadonlyMap<string, Resource>>>();
  const find = async (
    apiVersion: string,
    kind: string,
    signal: AbortSignal,
  ): Promise<Resource | undefined> => {
    // Whoever asked may have given up, and a kind may have come since.
    const found = (await asked.get(apiVersion)?.catch(() => undefined))?.get(kind);
    if (found !== undefined) return found;
    const fresh = discover(api, apiVersion, signal);
    asked.set(apiVersion, fresh);
    return (await fresh).get(kind);
  };
  return {
    async pathOf({ apiVersion, kind, namespace, name }, signal) {
      const resource = await find(apiVersion, kind, signal);
      if (resource === undefined) return undefined;
      const inside = resource.namespaced && namespace !== undefined ? ['namespaces', namespace] : [];
      const parts = [...inside, resource.plural, ...(name === undefined ? [] : [name])];
      return `${groupPath(apiVersion)}/${parts.map((part) => encodeURIComponent(part)).join('/')}`;
    },
  };
}

async function discover(
  api: Api,
  apiVersion: string,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Resource>> {
  const answer = await api.send({ method: 'GET', path: groupPath(apiVersion), signal });
  if (answer.status === 404) return new Map();
  const doing = `listing the kinds of ${apiVersion}`;
  if (answer.status !== 200) throw refused(doing, answer);
  const { resources } = readJsonAnswer(shape, answer.text, doing);
  // `pods/log` and other subresources carry a kind too.
  const whole = resources.filter(({ name }) => !name.includes('/'));
  return new Map(whole.map(({ kind, name, namespaced }) => [kind, { plural: name, namespaced }]));
}

function groupPath(apiVersion: string): string {
  return apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
}
