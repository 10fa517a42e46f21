import { randomBytes } from 'node:crypto';
import { TWIN_KINDS, TWIN_ROLE } from '../../mesh/manifests/twins.ts';
import { type KubeObject, refOf } from '../../ports/cluster.ts';
import type { Lab } from '../../topology/lab.ts';
import { LABEL, labelsOf } from '../../topology/labels.ts';
import type { LabContext } from '../../lab/lab-context.ts';
import type { Needs } from '../witness.ts';
import { patientTimeout } from '../../run/patience.ts';

/** Twins older than this are of a run that was killed. */
const STALE_MS = 120_000;
const CLEAN_UP_MS = 10_000;

export function newRun(): string {
  return randomBytes(4).toString('hex');
}

/** Objects that are there only while `work` goes on, whatever comes of it. */
export async function withTwinObjects<T>(
  witness: Needs<'context' | 'sweep' | 'signal'>,
  objects: readonly KubeObject[],
  work: () => Promise<T>,
): Promise<T> {
  const { cluster } = witness.context;
  await witness.sweep();
  try {
    await cluster.apply(objects, witness.signal);
    return await work();
  } finally {
    // Of its own signal: the run may have been stopped.
    await cluster.remove(objects.map(refOf), patientTimeout(CLEAN_UP_MS));
  }
}

/** Removes what a run that was killed left behind: it is in force until somebody does. */
export async function sweepTwins(
  { cluster, lab }: Pick<LabContext, 'cluster' | 'lab'>,
  signal: AbortSignal,
): Promise<void> {
  const labels = labelsOf(lab.name, TWIN_ROLE);
  const found = await Promise.all(TWIN_KINDS.map((kind) => cluster.list({ ...kind, labels }, signal)));
  const stale = found.flat().filter(isStale);
  if (stale.length > 0) await cluster.remove(stale.map(refOf), signal);
}

/** Whether `check` made the object for the present moment: this run, or one that goes on beside it. */
export function isTwin(object: KubeObject, lab: Lab): boolean {
  const labels = object.metadata.labels ?? {};
  return labels[LABEL.lab] === lab.name && labels[LABEL.role] === TWIN_ROLE && !isStale(object);
}

/** Whether a twin has outlived every run that may have made it. */
function isStale({ metadata }: KubeObject): boolean {
  const made = metadata['creationTimestamp'];
  return typeof made === 'string' && Date.now() - Date.parse(made) > STALE_MS;
}
