import { APP_ID } from '../../sample/names.ts';
import { z } from 'zod';
import type { ProxyLives } from '../../evidence/tokens.ts';
import { everyPodOf } from '../../agent/exec-probe.ts';
import type { WorkloadName } from '../../topology/lab.ts';
import { askProxy } from '../../mesh/proxy-admin.ts';
import type { Needs } from '../probe-context.ts';
import { readJsonAnswer } from '../../read-answer.ts';

/** Envoy writes durations as `12s`. */
const serverInfo = z.object({ uptime_current_epoch: z.string().regex(/^\d+s$/) });

/** Asks the proxies, after the corpus, how long they have run. */
export async function collectProxyLives(
  probeContext: Needs<'context' | 'signal'>,
  corpusSentAt: number,
): Promise<ProxyLives> {
  const { context, signal } = probeContext;
  const { cluster, lab } = context;
  const upMs = async (workload: WorkloadName): Promise<number> => {
    const pods = await everyPodOf(cluster, lab, workload, signal);
    const texts = await Promise.all(pods.map((pod) => askProxy(cluster, pod, 'server_info', signal)));
    const doing = `reading server_info from the proxies of ${workload}`;
    const infos = texts.map((text) => readJsonAnswer(serverInfo, text, doing));
    // The youngest: one that was restarted is enough.
    return Math.min(...infos.map((info) => Number.parseInt(info.uptime_current_epoch, 10))) * 1000;
  };
  const [gateway, app] = await Promise.all([upMs('gateway'), upMs(APP_ID)]);
  return { corpusMs: performance.now() - corpusSentAt, upMs: { gateway, [APP_ID]: app } };
}
