import { randomBytes } from 'node:crypto';
import { DECOY_KINDS, DECOY_ROLE } from '../../mesh/manifests/decoys.ts';
import { type KubeObject, refOf } from '../../ports/cluster.ts';
import type { Lab } from '../../topology/lab.ts';
import { LABEL, labelsOf } from '../../topology/labels.ts';
import type { LabContext } from '../../lab/lab-context.ts';
import type { Needs } from '../probe-context.ts';
import { patientTimeout } from '../../run/patience.ts';

/** Decoys older than this are of a run that was killed. */
const STALE_MS = 120_000;
const CLEAN_UP_MS = 10_000;

export function newRun(): string {
  return randomBytes(4).toString('hex');
}

/** Objects that are there only while `work` goes on, whatever comes of it. */
export async function withDecoyObjects<T>(
  probeContext: Needs<'context' | 'sweep' | 'signal'>,
  objects: readonly KubeObject[],
  work: () => Promise<T>,
): Promise<T> {
  const { cluster } = probeContext.context;
  await probeContext.sweep();
  try {
    await cluster.apply(objects, probeContext.signal);
    return await work();
  } finally {
    // Of its own signal: the run may have been stopped.
    await cluster.remove(objects.map(refOf), patientTimeout(CLEAN_UP_MS));
  }
}

/** Removes what a run that was killed left behind: it is in force until somebody does. */
export async function sweepDecoys(
  { cluster, lab }: Pick<LabContext, 'cluster' | 'lab'>,
  signal: AbortSignal,
): Promise<void> {
  const labels = labelsOf(lab.name, DECOY_ROLE);
  const found = await Promise.all(DECOY_KINDS.map((kind) => cluster.list({ ...kind, labels }, signal)));
  const stale = found.flat().filter(isStale);
  if (stale.length > 0) await cluster.remove(stale.map(refOf), signal);
}

/** Whether `check` made the object for the present moment: this run, or one that goes on beside it. */
export function isDecoy(object: KubeObject, lab: Lab): boolean {
  const labels = object.metadata.labels ?? {};
  return labels[LABEL.lab] === lab.name && labels[LABEL.role] === DECOY_ROLE && !isStale(object);
}

/** Whether a decoy has outlived every run that may have made it. */
function isStale({ metadata }: KubeObject): boolean {
  const made = metadata['creationTimestamp'];
  return typeof made === 'string' && Date.now() - Date.parse(made) > STALE_MS;
}
