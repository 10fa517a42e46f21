import { refOf, type Admission, type KubeObject } from '../../ports/cluster.ts';
import { statusOf, type ApiAnswer } from './api.ts';
import { FIELD_MANAGER, knownPath, parseObject, type Connection } from './objects.ts';

/** Creates with `dryRun=All`: admission runs in full, nothing is stored. */
export async function askAdmission(
  connection: Connection,
  object: KubeObject,
  signal: AbortSignal,
): Promise<Admission> {
  const path = await collectionPath(connection, object, signal);
  const query = { dryRun: 'All', fieldManager: FIELD_MANAGER };
  const answer = await connection.api.send({ method: 'POST', path, query, body: object, signal });
  return readAdmission(answer);
}

async function collectionPath(
  connection: Connection,
  object: KubeObject,
  signal: AbortSignal,
): Promise<string> {
  const path = await knownPath(connection, refOf(object), signal);
  return path.slice(0, path.lastIndexOf('/'));
}

/**
 * The API server says who refused only in its message; both sentences below are fixed in its admission
 * code (`admission webhook %q denied the request`, `failed calling webhook %q`).
 */
function readAdmission(answer: ApiAnswer): Admission {
  if (answer.status >= 200 && answer.status <= 299)
    return { kind: 'admitted', object: parseObject(answer.text, 'requesting admission') };
  const { message } = statusOf(answer);
  const denied = /^admission webhook "([^"]+)" denied the request/.exec(message)?.[1];
  if (denied !== undefined) return { kind: 'refused', by: 'webhook', webhook: denied, message };
  const failed = /failed calling webhook "([^"]+)"/.exec(message)?.[1];
  if (failed !== undefined) return { kind: 'refused', by: 'unreachable-webhook', webhook: failed, message };
  return { kind: 'refused', by: 'api', status: answer.status, message };
}
