import { readyPod } from '../cluster/pods.ts';
import { MeshdevError } from '../errors/meshdev-error.ts';
import type { Cluster } from '../ports/cluster.ts';
import { pause, throwIfAborted, waitUntil } from '../run/wait-until.ts';
import { LABEL } from '../topology/labels.ts';
import { type LocalService, tunnelPort } from '../topology/service.ts';
import { carry, type Carried, type CarryOptions } from './carry.ts';

/** What a tunnel has to say while it is held. */
export interface TunnelEvents extends Pick<CarryOptions, 'onDial'> {
  readonly onOpen: () => void;
  /** It is opened again. */
  readonly onLost: (because: string) => void;
  /** What is seen while it is opened again. */
  readonly onSeen: (seen: string) => void;
}

type Reached = Pick<Cluster, 'list' | 'connectToPod'>;

const RELAY_ANSWERS_MS = 10_000;
const REOPEN_MS = 120_000;

/**
 * Opens the tunnel to the relay of a service and keeps it open: one that breaks is opened again.
 * @throws MeshdevError INTERRUPTED when the signal fires; LAB_NOT_UP where the lab has no relay; TIMED_OUT where a broken
 *   tunnel cannot be opened again; EXPOSE_REPLACED when another process exposes the same service
 */
export async function holdTunnel(
  cluster: Reached,
  service: LocalService,
  events: TunnelEvents,
  signal: AbortSignal,
): Promise<never> {
  let tunnel = await openTunnel(cluster, service, events, signal);
  for (;;) {
    events.onOpen();
    const end = await endOf(tunnel, signal);
    throwIfAborted(signal);
    if (end.kind === 'replaced') throw replaced(service);
    events.onLost(end.because);
    tunnel = await waitUntil(async () => ({ done: await openTunnel(cluster, service, events, signal) }), {
      what: `the tunnel to service ${service.id} to be open again`,
      timeoutMs: REOPEN_MS,
      intervalMs: 500,
      remedies: ['meshdev status', 'meshdev up', `meshdev expose ${service.id}`],
      onSeen: events.onSeen,
      signal,
    });
  }
}

async function endOf(tunnel: Carried, signal: AbortSignal): Promise<Awaited<Carried['ended']>> {
  const close = (): void => tunnel.close();
  signal.addEventListener('abort', close, { once: true });
  if (signal.aborted) close();
  const end = await tunnel.ended;
  signal.removeEventListener('abort', close);
  return end;
}

async function openTunnel(
  cluster: Reached,
  service: LocalService,
  { onDial }: Pick<TunnelEvents, 'onDial'>,
  signal: AbortSignal,
): Promise<Carried> {
  const { namespace } = service.identity;
  const labels = { ...service.selector, [LABEL.service]: service.id };
  const { name: pod } = (await readyPod(cluster, { namespace, labels }, signal)).metadata;
  const connection = await cluster.connectToPod({ namespace, pod, port: tunnelPort(service) }, signal);
  const tunnel = carry(connection, { port: service.source.port, onDial });
  const waited = new AbortController();
  const outcome = await Promise.race([
    tunnel.ready.then(() => 'ready' as const),
    tunnel.ended,
    pause(RELAY_ANSWERS_MS, AbortSignal.any([signal, waited.signal])),
  ]);
  waited.abort();
  if (outcome === 'ready') return tunnel;
  tunnel.close();
  throwIfAborted(signal);
  const because = outcome?.kind === 'broken' ? outcome.because : 'the relay does not answer';
  throw new MeshdevError('CLUSTER_CALL_FAILED', {
    message: `opening the tunnel to ${namespace}/${pod}: ${because}`,
    remedies: [`meshdev kubectl -n ${namespace} describe pod ${pod}`, 'meshdev up'],
  });
}

function replaced({ id }: LocalService): MeshdevError {
  return new MeshdevError('EXPOSE_REPLACED', {
    message: `exposing service ${id}: another meshdev expose ${id} has opened the tunnel`,
    remedies: [`meshdev expose ${id}`],
  });
}
