import { differences, isIstioKind } from '../../cluster/differences.ts';
import { nameOf, refOf, type KubeObject } from '../../ports/cluster.ts';
import type { ApiAnswer } from './api.ts';
import { accepted, FIELD_MANAGER, knownPath, parseObject, type Connection } from './objects.ts';
import { inParallel } from './in-parallel.ts';

/** Others cannot be created before these exist. */
const FIRST = new Set(['Namespace', 'CustomResourceDefinition']);

export async function applyObjects(
  connection: Connection,
  objects: readonly KubeObject[],
  signal: AbortSignal,
): Promise<void> {
  const one = (object: KubeObject): Promise<void> => applyObject(connection, object, signal);
  await inParallel(
    objects.filter(({ kind }) => FIRST.has(kind)),
    one,
  );
  await inParallel(
    objects.filter(({ kind }) => !FIRST.has(kind)),
    one,
  );
}

async function applyObject(connection: Connection, object: KubeObject, signal: AbortSignal): Promise<void> {
  const answer = await sendApply(connection, object, { dryRun: false, signal });
  const live = parseObject(accepted(`applying ${nameOf(refOf(object))}`, answer));
  if (isIstioKind(object) && differences(live['spec'] ?? {}, object['spec'] ?? {}, 'spec').length > 0) {
    await replaceSpec(connection, live, object, signal);
  }
}

/** Server-side apply leaves fields of other managers: in a policy each of them could open a door. */
async function replaceSpec(
  connection: Connection,
  live: KubeObject,
  wanted: KubeObject,
  signal: AbortSignal,
): Promise<void> {
  const ref = refOf(wanted);
  const { managedFields: _managed, ...metadata } = live.metadata;
  const answer = await connection.api.send({
    method: 'PUT',
    path: await knownPath(connection, ref, signal),
    query: { fieldManager: FIELD_MANAGER },
    body: { ...live, metadata, spec: wanted['spec'] ?? {} },
    signal,
  });
  accepted(`replacing ${nameOf(ref)}`, answer);
}

/** Server-side apply with force; the answer is not judged. */
export async function sendApply(
  connection: Connection,
  object: KubeObject,
  { dryRun, signal }: { readonly dryRun: boolean; readonly signal: AbortSignal },
): Promise<ApiAnswer> {
  return connection.api.send({
    method: 'PATCH',
    path: await knownPath(connection, refOf(object), signal),
    query: { fieldManager: FIELD_MANAGER, force: 'true', ...(dryRun ? { dryRun: 'All' } : {}) },
    contentType: 'application/apply-patch+yaml',
    body: object,
    signal,
  });
}
