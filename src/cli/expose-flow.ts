import { resolve } from 'node:path';
import { MeshdevError } from '../errors/meshdev-error.ts';
import { EXIT } from '../errors/problems.ts';
import { type Child, type ChildEnd, startChild } from '../expose/child.ts';
import { holdTunnel, type TunnelEvents } from '../expose/hold-tunnel.ts';
import type { LabContext } from '../lab/lab-context.ts';
import { refuseForeignLabIfAny } from '../lab/whose.ts';
import { didYouMean, nearest } from '../nearest.ts';
import type { Lab } from '../topology/lab.ts';
import { isLocal, type LocalService } from '../topology/service.ts';
import type { CliContext } from './cli-context.ts';

/** Which service, and which port of this machine in the place of the declared one. */
export interface ExposeChoice {
  readonly service?: string | undefined;
  readonly host?: string | undefined;
  readonly local?: number | undefined;
}

type Exposed = Pick<LabContext, 'lab' | 'owner' | 'paths' | 'reachEngine' | 'files' | 'project' | 'cluster'>;

/**
 * Puts a process of this machine behind the edge until a signal, or until the process that it started ends.
 * @returns exit code of a process that ended without an error
 * @throws MeshdevError USAGE, LAB_NOT_UP, LAB_FOREIGN, COMMAND_FAILED, EXPOSE_REPLACED, TIMED_OUT, INTERRUPTED
 */
export async function exposeService(
  cli: CliContext,
  context: Exposed,
  choice: ExposeChoice,
): Promise<number> {
  const service = localService(context.lab, choice);
  await refuseForeignLabIfAny(context, cli.signal);
  const stop = new AbortController();
  const started: { child?: Child } = {};
  const ended = Promise.withResolvers<ChildEnd>();
  const events = toldOn(cli, service, () => {
    // A tunnel that is opened again finds the process running.
    const child = started.child === undefined ? childOf(cli, context, service) : undefined;
    if (child === undefined) return;
    started.child = child;
    void child.ended.then(ended.resolve);
  });
  const held = holdTunnel(context.cluster, service, events, AbortSignal.any([cli.signal, stop.signal]));
  try {
    return exitOf(service, await Promise.race([held, ended.promise]));
  } finally {
    stop.abort();
    await held.catch(() => undefined);
    await started.child?.stop();
  }
}

/**
 * Pure. By its name or its host; without either the only one that is local.
 * @throws MeshdevError USAGE for one that the file does not have, or that is no process of this machine
 */
export function localService(lab: Pick<Lab, 'services' | 'domain'>, choice: ExposeChoice): LocalService {
  const { service: name, host, local } = choice;
  const locals = lab.services.filter(isLocal);
  const chosen = locals.filter((one) => (name === undefined || one.id === name) && isAt(lab, one, host));
  const [only] = chosen;
  if (only === undefined || chosen.length > 1) throw notChosen(lab, locals, choice);
  return local === undefined ? only : { ...only, source: { ...only.source, port: local } };
}

function isAt({ domain }: Pick<Lab, 'domain'>, { host }: LocalService, wanted: string | undefined): boolean {
  return wanted === undefined || host === wanted || host === `${wanted}.${domain}`;
}

function notChosen(
  { services }: Pick<Lab, 'services'>,
  locals: readonly LocalService[],
  { service, host, local }: ExposeChoice,
): MeshdevError {
  const ids = locals.map(({ id }) => id);
  const have = ids.length === 0 ? 'meshdev.yaml has no service with local' : `local are ${ids.join(', ')}`;
  const inCluster = services.find(({ id }) => id === service && !ids.includes(id));
  const wanted = service ?? host;
  const seen =
    wanted === undefined
      ? `which service is meant? ${have}`
      : inCluster === undefined
        ? `there is no service ${JSON.stringify(wanted)}${didYouMean(nearest(wanted, ids)) || ';'} ${have}`
        : `service ${wanted} runs in the cluster (${inCluster.source.kind}); ${have}`;
  const id = wanted ?? 'web';
  const declare = `services: { ${id}: { local: { port: ${local ?? 3000} }, host: ${host ?? id}, allow: [{ roles: [admin] }] } }`;
  return new MeshdevError('USAGE', {
    message: `exposing a process: ${seen}. The edge serves what meshdev.yaml declares, for example ${declare}; \`meshdev up\` brings it into the lab`,
    remedies: ['meshdev docs services'],
  });
}

function childOf(cli: CliContext, { project, files }: Exposed, service: LocalService): Child | undefined {
  const { command, cwd = '.', port } = service.source;
  if (command === undefined) return undefined;
  return startChild({
    command,
    cwd: resolve(project.dir, cwd),
    env: {
      ...cli.env,
      PORT: String(port),
      MESHDEV_CA: files.edgeRoot,
      NODE_EXTRA_CA_CERTS: files.edgeRoot,
      ...(service.audience === undefined ? {} : { MESHDEV_URL: service.audience }),
    },
    onStdout: cli.outBytes,
    onStderr: cli.errBytes,
  });
}

function toldOn(cli: Pick<CliContext, 'err'>, service: LocalService, start: () => void): TunnelEvents {
  const { audience = `service ${service.id}`, source } = service;
  const say = (text: string): void => cli.err(`meshdev: ${text}\n`);
  let refusedBefore: string | undefined;
  return {
    onOpen: () => {
      say(`${audience} is port ${source.port} of this machine, until Ctrl-C`);
      start();
    },
    onLost: (because) => say(`the tunnel broke (${because}); opening it again`),
    onSeen: say,
    // Said when it changes, and not for each connection.
    onDial: (refused) => {
      if (refused !== refusedBefore) say(refused ?? `port ${source.port} accepts connections`);
      refusedBefore = refused;
    },
  };
}

function exitOf({ id, source }: LocalService, { how, isSuccess, lastLines }: ChildEnd): number {
  if (isSuccess) return EXIT.ok;
  throw new MeshdevError('COMMAND_FAILED', {
    message: `running ${source.command ?? ''} of service ${id}: it ended with ${how}. It wrote:\n${lastLines.join('\n') || '(nothing)'}`,
    remedies: ['meshdev docs services'],
  });
}
