import { z } from 'zod';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import { nameOf, type KubeObject, type ListQuery, type ObjectRef } from '../../ports/cluster.ts';
import { refused, type Api, type ApiAnswer } from './api.ts';
import type { Resources } from './resources.ts';
import { readJsonAnswer } from '../../read-answer.ts';

/** Owner of the fields that meshdev sets. */
export const FIELD_MANAGER = 'meshdev';

/** What the verbs below work with. */
export interface Connection {
  readonly api: Api;
  readonly resources: Resources;
}

const metadata = z.looseObject({
  name: z.string().default(''),
  namespace: z.string().optional(),
  labels: z.record(z.string(), z.string()).optional(),
  annotations: z.record(z.string(), z.string()).optional(),
});
const objectShape = z.looseObject({ apiVersion: z.string(), kind: z.string(), metadata });
const listShape = z.object({ items: z.array(z.looseObject({ metadata })) });

export function parseObject(text: string, doing: string): KubeObject {
  return withoutUndefined(readJsonAnswer(objectShape, text, doing));
}

/** zod writes `undefined` into its optional keys' types only; the values come from JSON. */
function withoutUndefined({
  metadata: { namespace, labels, annotations, ...meta },
  ...rest
}: z.infer<typeof objectShape>): KubeObject {
  return {
    ...rest,
    metadata: {
      ...meta,
      ...(namespace === undefined ? {} : { namespace }),
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
    },
  };
}

export async function getObject(
  { api, resources }: Connection,
  ref: ObjectRef,
  signal: AbortSignal,
): Promise<KubeObject | undefined> {
  const path = await resources.pathOf(ref, signal);
  if (path === undefined) return undefined;
  const answer = await api.send({ method: 'GET', path, signal });
  if (answer.status === 404) return undefined;
  const doing = `reading ${nameOf(ref)}`;
  return parseObject(accepted(doing, answer), doing);
}

export async function listObjects(
  { api, resources }: Connection,
  query: ListQuery,
  signal: AbortSignal,
): Promise<readonly KubeObject[]> {
  const path = await resources.pathOf(query, signal);
  if (path === undefined) return [];
  const selector = Object.entries(query.labels ?? {}).map(([key, value]) => `${key}=${value}`);
  const answer = await api.send({
    method: 'GET',
    path,
    query: { labelSelector: selector.join(',') },
    signal,
  });
  const doing = `listing ${query.kind}`;
  const { items } = readJsonAnswer(listShape, accepted(doing, answer), doing);
  return items.map((item) => withoutUndefined({ ...item, apiVersion: query.apiVersion, kind: query.kind }));
}

export async function removeObject(
  { api, resources }: Connection,
  ref: ObjectRef,
  signal: AbortSignal,
): Promise<void> {
  const path = await resources.pathOf(ref, signal);
  if (path === undefined) return;
  const query = { propagationPolicy: 'Background' };
  const answer = await api.send({ method: 'DELETE', path, query, signal });
  if (answer.status !== 404) accepted(`removing ${nameOf(ref)}`, answer);
}

/** The text of a successful answer. @throws MeshdevError CLUSTER_CALL_FAILED */
export function accepted(doing: string, answer: ApiAnswer): string {
  if (answer.status < 200 || answer.status > 299) throw refused(doing, answer);
  return answer.text;
}

/** What the API says of a field that an existing object keeps for good. */
const IMMUTABLE = /field is immutable|updates to .* are forbidden|pod updates may not change fields/i;

/**
 * As `accepted`, for writing an object: where only making it again helps, the error has the commands for it.
 * @throws MeshdevError CLUSTER_CALL_FAILED
 */
export function written(doing: string, { kind, name, namespace }: ObjectRef, answer: ApiAnswer): string {
  if (answer.status !== 422 || !IMMUTABLE.test(answer.text)) return accepted(doing, answer);
  const inside = namespace === undefined ? '' : `-n ${namespace} `;
  throw refused(doing, answer, [
    `meshdev kubectl ${inside}delete ${kind.toLowerCase()} ${name}`,
    'meshdev up',
  ]);
}

/** @throws MeshdevError CLUSTER_CALL_FAILED when the cluster does not know the kind. */
export async function knownPath(
  { resources }: Connection,
  ref: ObjectRef,
  signal: AbortSignal,
): Promise<string> {
  const path = await resources.pathOf(ref, signal);
  if (path !== undefined) return path;
  throw new MeshdevError('CLUSTER_CALL_FAILED', {
    message: `applying ${nameOf(ref)}: the cluster has no kind ${ref.apiVersion} ${ref.kind}`,
    remedies: ['meshdev up'],
  });
}
