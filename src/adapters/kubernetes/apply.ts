import { applyDifferences, differences, isIstioKind } from '../../cluster/differences.ts';
import { isOursAlone, replacement } from '../../cluster/replacement.ts';
import { nameOf, refOf, type KubeObject } from '../../ports/cluster.ts';
import type { ApiAnswer } from './api.ts';
import { accepted, FIELD_MANAGER, knownPath, parseObject, written, type Connection } from './objects.ts';
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
  const doing = `applying ${nameOf(refOf(object))}`;
  const live = parseObject(written(doing, refOf(object), answer), doing);
  if (isOursAlone(object)) await replaceAll(connection, live, object, signal);
  else if (isIstioKind(object) && differences(live['spec'] ?? {}, object['spec'] ?? {}, 'spec').length > 0) {
    await replaceSpec(connection, live, object, signal);
  }
}

/** Server-side apply leaves fields of other managers: what they added goes, and only then something is written. */
async function replaceAll(
  connection: Connection,
  live: KubeObject,
  wanted: KubeObject,
  signal: AbortSignal,
): Promise<void> {
  const doing = `replacing ${nameOf(refOf(wanted))}`;
  const tried = await sendReplacement(connection, live, wanted, { dryRun: true, signal });
  if (applyDifferences(live, parseObject(accepted(doing, tried), doing)).length === 0) return;
  accepted(doing, await sendReplacement(connection, live, wanted, { dryRun: false, signal }));
}

/** The live object with the wanted specification alone; the answer is not judged. */
export async function sendReplacement(
  connection: Connection,
  live: KubeObject,
  wanted: KubeObject,
  options: SendOptions,
): Promise<ApiAnswer> {
  return sendPut(connection, replacement(live, wanted), options);
}

/** The same for Istio's kinds: in a policy each foreign field could open a door. */
async function replaceSpec(
  connection: Connection,
  live: KubeObject,
  wanted: KubeObject,
  signal: AbortSignal,
): Promise<void> {
  const { managedFields: _managed, ...metadata } = live.metadata;
  const body = { ...live, metadata, spec: wanted['spec'] ?? {} };
  const answer = await sendPut(connection, body, { dryRun: false, signal });
  accepted(`replacing ${nameOf(refOf(wanted))}`, answer);
}

interface SendOptions {
  readonly dryRun: boolean;
  readonly signal: AbortSignal;
}

async function sendPut(
  connection: Connection,
  body: KubeObject,
  { dryRun, signal }: SendOptions,
): Promise<ApiAnswer> {
  return connection.api.send({
    method: 'PUT',
    path: await knownPath(connection, refOf(body), signal),
    query: { fieldManager: FIELD_MANAGER, ...(dryRun ? { dryRun: 'All' } : {}) },
    body,
    signal,
  });
}

/** Server-side apply with force; the answer is not judged. */
export async function sendApply(
  connection: Connection,
  object: KubeObject,
  { dryRun, signal }: SendOptions,
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
