import type { LabContext } from '../../lab/lab-context.ts';
import { refuseForeignLab } from '../../lab/whose.ts';
import type { UpSeen } from '../plan/plan-up.ts';
import type { PartSeen } from '../../run/part-seen.ts';
import type { UpStepId } from '../plan/up-steps.ts';
import type { Look } from './part.ts';
import { PARTS } from './parts.ts';

/** Looks at every part at once; changes nothing. */
export async function observeUp(context: LabContext, signal: AbortSignal): Promise<UpSeen> {
  const look = await gather(context, signal);
  const see = (id: UpStepId): Promise<PartSeen> => PARTS[id].observe(look);
  const [engine, images, keys, network, idp, edge, probe, cluster, mesh, policies, workloads] =
    await Promise.all([
      see('engine'),
      see('images'),
      see('keys'),
      see('network'),
      see('idp'),
      see('edge'),
      see('probe'),
      see('cluster'),
      see('mesh'),
      see('policies'),
      see('workloads'),
    ]);
  return { engine, images, keys, network, idp, edge, probe, cluster, mesh, policies, workloads };
}

async function gather(context: LabContext, signal: AbortSignal): Promise<Look> {
  const reached = await context.reachEngine(signal);
  // Before anything else is said about it.
  if (reached !== undefined) await refuseForeignLab(context, reached.engine, signal);
  const [survey, keys, clusterUp] = await Promise.all([
    context.images(signal).then((source) => source.survey(signal)),
    context.keys().catch(() => undefined),
    reached === undefined ? false : context.cluster.ready(signal).catch(() => false),
  ]);
  return { context, reached, survey, keys, clusterUp, at: Date.now(), signal };
}
