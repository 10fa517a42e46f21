import { resultOf } from '../../agent/program/job.ts';
import { idpConfig } from '../../idp/idp-config.ts';
import type { LabKeys } from '../../keys/lab-keys.ts';
import type { ContainerPlan } from '../../engine/container-plan.ts';
import { compareContainer, ensureContainer, ownContainer } from '../../engine/ensure-container.ts';
import { isLive } from '../../engine/is-live.ts';
import { idpContainer } from './guest-containers.ts';
import { execProbe } from '../../agent/exec-probe.ts';
import type { ContainerEngine } from '../../ports/container-engine.ts';
import type { RunScope } from '../../run/run-scope.ts';
import { waitUntil } from '../../run/wait-until.ts';
import type { Lab } from '../../topology/lab.ts';
import { ENGINE_DOWN, KEYS_MISSING, type Part } from './part.ts';

const PATIENCE_MS = 30_000;

export const idpPart: Part = {
  observe: async ({ context: { lab }, reached, survey, keys, signal }) => {
    if (reached === undefined) return ENGINE_DOWN;
    const found = await ownContainer(reached.engine, lab, lab.containers.idp, signal);
    if (keys === undefined) return { ...KEYS_MISSING, inUse: found !== undefined && isLive(found) };
    return compareContainer(found, idpPlan(lab, survey.images.guest, keys));
  },
  apply: async (context, run) => {
    const { images } = await context.provide(run);
    const wanted = idpPlan(context.lab, images.guest, await context.keys());
    const engine = await context.engine(run.signal);
    const owner = await context.owner.ensure();
    await ensureContainer(engine, context.lab, wanted, { ...run, owner });
    await waitForIdp(engine, context.lab, run);
  },
};

/** Asked from inside the container: it is published nowhere. */
async function waitForIdp(engine: ContainerEngine, lab: Lab, { signal, progress }: RunScope): Promise<void> {
  const name = lab.containers.idp;
  const request = { method: 'GET', path: '/healthz', headers: [['Host', 'localhost']] as const };
  const job = {
    kind: 'http' as const,
    id: 'health',
    to: { host: '127.0.0.1', port: lab.idpPort },
    request,
    timeoutMs: 2_000,
  };
  await waitUntil(
    async () => {
      const container = await engine.containers.inspect(name, signal);
      if (container?.state !== 'running')
        return {
          seen: `container ${name} is ${container?.state ?? 'gone'}, exit code ${container?.exitCode ?? '?'}`,
        };
      const health = resultOf(await execProbe(engine, name, [job], signal), 'http', 'health');
      return health?.response?.status === 200
        ? { done: true }
        : { seen: health?.error?.message ?? `HTTP ${health?.response?.status}` };
    },
    {
      what: 'the identity provider to be ready',
      timeoutMs: PATIENCE_MS,
      onSeen: progress,
      signal,
      remedies: [`docker logs ${name}`, 'meshdev up'],
    },
  );
}

/** The container that the identity provider is made from. */
export function idpPlan(lab: Lab, image: string, keys: LabKeys): ContainerPlan {
  const { jwks, cookieKeys, passwords, clientSecrets } = keys.idp;
  const machineSecret = clientSecrets[lab.clients.machine] ?? '';
  return idpContainer(
    lab,
    image,
    JSON.stringify(idpConfig(lab, { jwks, cookieKeys, passwords, machineSecret })),
  );
}
