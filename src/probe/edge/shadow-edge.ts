import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { EDGE_ADMIN_DIR, EDGE_ADMIN_SOCKET } from '../../edge/edge-files.ts';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import { type Job, resultOf } from '../../agent/program/job.ts';
import type { ContainerEngine } from '../../ports/container-engine.ts';
import { waitUntil } from '../../run/wait-until.ts';
import type { Lab } from '../../topology/lab.ts';
import { execProbe } from '../../agent/exec-probe.ts';
import type { AskProbe } from '../../agent/probe-program.ts';
import { readJsonAnswer } from '../../read-answer.ts';
import { patience, patientTimeout } from '../../run/patience.ts';

/** An edge beside the edge: the same program, the same files, the running transport, other upstreams. */
export interface ShadowEdge {
  /** In the volume that edge and probe share; nobody else reaches it. */
  readonly socketPath: string;
}

export interface ShadowOptions {
  readonly engine: ContainerEngine;
  /** The probe that shares the edge's sockets. */
  readonly ask: AskProbe;
  readonly lab: Lab;
  /** Whose transport is used: a public host of the edge. */
  readonly host: string;
  /** By path: where the shadow goes instead of the real upstream. */
  readonly upstreams: ReadonlyMap<string, string>;
  readonly signal: AbortSignal;
}

/** Ends by itself after this, whatever becomes of us. */
const LIFE_MS = 40_000;
const START_MS = 10_000;

/**
 * Runs a second Caddy in the edge's container while `work` goes on. How it verifies is what the running
 * configuration of the edge says about that host, word for word; the edge itself is not touched.
 * @throws MeshdevError STEP_FAILED when the edge has no such upstream or the shadow does not start
 */
export async function withShadowEdge<T>(
  options: ShadowOptions,
  work: (shadow: ShadowEdge) => Promise<T>,
): Promise<T> {
  const { engine, lab, signal } = options;
  const name = `${EDGE_ADMIN_DIR}/shadow-${randomBytes(4).toString('hex')}`;
  const sockets = { site: `${name}.sock`, admin: `${name}-admin.sock` };
  const config = shadowConfig(await runningTransport(options), options.upstreams, sockets);
  const lifeMs = patience(LIFE_MS);
  const running = engine.containers.exec(
    lab.containers.edge,
    {
      argv: ['timeout', String(Math.ceil(lifeMs / 1000)), 'caddy', 'run', '--config', '-'],
      stdin: JSON.stringify(config),
      timeoutMs: lifeMs + START_MS,
    },
    signal,
  );
  running.catch(() => undefined);
  try {
    await Promise.race([serving(options, sockets.site), endedEarly(running)]);
    return await work({ socketPath: sockets.site });
  } finally {
    const stop = [request('stop', sockets.admin, 'POST', '/stop')];
    const until = patientTimeout(START_MS);
    // The probe may have ended with the run.
    const stopping = signal.aborted
      ? execProbe(engine, lab.containers.probe, stop, until)
      : options.ask(stop, until);
    await stopping.catch(() => undefined);
    await running.catch(() => undefined);
  }
}

async function endedEarly(running: Promise<{ exitCode: number; stderr: Buffer }>): Promise<never> {
  const { exitCode, stderr } = await running;
  throw new MeshdevError('STEP_FAILED', {
    message: `a second Caddy in the edge exited with code ${exitCode}: ${stderr.toString('utf8').slice(-300)}`,
    remedies: ['meshdev up'],
  });
}

async function serving(options: ShadowOptions, socketPath: string): Promise<void> {
  await waitUntil(
    async () => {
      const results = await options.ask([request('ready', socketPath, 'GET', '/')], options.signal);
      return resultOf(results, 'http', 'ready')?.response === undefined
        ? { seen: 'no process listens yet' }
        : { done: true };
    },
    {
      what: 'a second Caddy in the edge to be ready',
      timeoutMs: START_MS,
      intervalMs: 50,
      signal: options.signal,
    },
  );
}

function request(id: string, socketPath: string, method: string, path: string): Job {
  const headers = [['Host', 'localhost']] as const;
  return {
    kind: 'http',
    id,
    to: { socketPath },
    request: { method, path, headers, keepBytes: 1_000_000 },
    timeoutMs: 5_000,
  };
}

async function runningTransport(options: ShadowOptions): Promise<object> {
  const results = await options.ask(
    [request('config', EDGE_ADMIN_SOCKET, 'GET', '/config/')],
    options.signal,
  );
  const body = resultOf(results, 'http', 'config')?.response?.body;
  const found =
    body === undefined
      ? undefined
      : transportOf(
          readJsonAnswer(
            z.unknown(),
            body,
            `reading the running configuration of ${options.lab.containers.edge}`,
          ),
          options.host,
        );
  if (found !== undefined) return found;
  throw new MeshdevError('STEP_FAILED', {
    message: `the running configuration of ${options.lab.containers.edge} has no upstream for ${options.host}`,
    remedies: ['meshdev up'],
  });
}

const matching = z.object({ match: z.array(z.looseObject({ host: z.array(z.string()).optional() })) });
const proxy = z.looseObject({
  handler: z.literal('reverse_proxy'),
  transport: z.looseObject({}),
});

/** Pure: the transport of the first proxy below a route for that host. */
export function transportOf(node: unknown, host: string, within = false): object | undefined {
  if (typeof node !== 'object' || node === null) return undefined;
  const parsed = proxy.safeParse(node);
  if (parsed.success) return within ? parsed.data.transport : undefined;
  const route = matching.safeParse(node);
  const hosts = route.success ? route.data.match.flatMap((match) => match.host ?? []) : [];
  const inside = within || hosts.includes(host);
  if (hosts.length > 0 && !inside) return undefined;
  for (const value of Object.values(node)) {
    const found = transportOf(value, host, inside);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Pure. What an upstream is refused for is said in the body: nobody but the probe can ask. */
export function shadowConfig(
  transport: object,
  upstreams: ReadonlyMap<string, string>,
  sockets: { readonly site: string; readonly admin: string },
): object {
  const routes = [...upstreams].map(([path, dial]) => ({
    match: [{ path: [path] }],
    handle: [{ handler: 'reverse_proxy', upstreams: [{ dial }], transport }],
  }));
  const errors = {
    routes: [
      {
        handle: [
          {
            handler: 'static_response',
            status_code: '{http.error.status_code}',
            body: '{http.error.message}',
          },
        ],
      },
    ],
  };
  return {
    admin: { listen: `unix/${sockets.admin}|0600`, config: { persist: false } },
    logging: { logs: { default: { level: 'ERROR' } } },
    apps: {
      http: {
        servers: {
          shadow: {
            listen: [`unix/${sockets.site}|0600`],
            automatic_https: { disable: true },
            routes,
            errors,
          },
        },
      },
    },
  };
}
