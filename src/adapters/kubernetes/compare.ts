import { applyDifferences, isIstioKind, specDifferences } from '../../cluster/differences.ts';
import { nameOf, refOf, type Comparison, type Difference, type KubeObject } from '../../ports/cluster.ts';
import { isOursAlone } from '../../cluster/replacement.ts';
import { sendApply, sendReplacement } from './apply.ts';
import { inParallel } from './in-parallel.ts';
import { getObject, parseObject, written, type Connection } from './objects.ts';

export function compareObjects(
  connection: Connection,
  objects: readonly KubeObject[],
  signal: AbortSignal,
): Promise<readonly Comparison[]> {
  return inParallel(objects, (object) => compareObject(connection, object, signal));
}

async function compareObject(
  connection: Connection,
  wanted: KubeObject,
  signal: AbortSignal,
): Promise<Comparison> {
  const ref = refOf(wanted);
  const live = await getObject(connection, ref, signal);
  if (live === undefined) return { kind: 'missing', ref };
  const found = await differencesOf(connection, live, wanted, signal);
  return found.length === 0 ? { kind: 'same', ref } : { kind: 'differs', ref, differences: found };
}

async function differencesOf(
  connection: Connection,
  live: KubeObject,
  wanted: KubeObject,
  signal: AbortSignal,
): Promise<readonly Difference[]> {
  if (isIstioKind(wanted)) return specDifferences(live, wanted);
  // Only the server knows its defaults: it is asked what the object would become.
  const dry = { dryRun: true, signal };
  const answer = isOursAlone(wanted)
    ? await sendReplacement(connection, live, wanted, dry)
    : await sendApply(connection, wanted, dry);
  const doing = `comparing ${nameOf(refOf(wanted))}`;
  return applyDifferences(live, parseObject(written(doing, refOf(wanted), answer), doing));
}
