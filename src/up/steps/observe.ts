import type { LabContext, ReachedEngine } from '../../lab/lab-context.ts';
import { refuseForeignLab } from '../../lab/whose.ts';
import type { UpSeen } from '../plan/plan-up.ts';
import { UP_STEP_IDS } from '../plan/up-steps.ts';
import type { ServiceImage } from '../../ports/service-images.ts';
import { ownServices } from '../../topology/service.ts';
import type { Look } from './part.ts';
import { PARTS } from './all-steps.ts';

/** Looks at every part at once; changes nothing. */
export async function observeUp(context: LabContext, signal: AbortSignal): Promise<UpSeen> {
  const look = await gather(context, signal);
  const seen = await Promise.all(
    UP_STEP_IDS.map(async (id) => ({ id, part: await PARTS[id].observe(look) })),
  );
  return new Map(seen.flatMap(({ id, part }) => (part === undefined ? [] : [[id, part] as const])));
}

async function gather(context: LabContext, signal: AbortSignal): Promise<Look> {
  const reached = await context.reachEngine(signal);
  // Before anything else is said about it.
  if (reached !== undefined) await refuseForeignLab(context, reached.engine, signal);
  const [survey, keys, clusterUp, serviceImages] = await Promise.all([
    context.images(signal).then((source) => source.survey(signal)),
    context.keys().catch(() => undefined),
    reached === undefined ? false : apiServerAnswers(context, reached, signal),
    reached === undefined ? [] : imagesOfServices(context, signal),
  ]);
  return { context, reached, survey, serviceImages, keys, clusterUp, at: Date.now(), signal };
}

/** A paused node still accepts connections and never answers: only one that runs is asked. */
async function apiServerAnswers(
  { lab, cluster }: LabContext,
  { engine }: ReachedEngine,
  signal: AbortSignal,
): Promise<boolean> {
  const node = await engine.containers.inspect(lab.cluster.node, signal);
  return node?.state === 'running' && (await cluster.ready(signal).catch(() => false));
}

/** Reads whole build contexts: once for all who look. */
async function imagesOfServices(context: LabContext, signal: AbortSignal): Promise<readonly ServiceImage[]> {
  if (ownServices(context.lab).length === 0) return [];
  return (await context.serviceImages(signal)).survey(signal);
}
