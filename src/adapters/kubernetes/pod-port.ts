import { type IncomingMessage, request } from 'node:http';
import { Duplex, PassThrough, Transform } from 'node:stream';
import { text } from 'node:stream/consumers';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { PodPort, PodPortAnswer, PodPortQuery } from '../../ports/cluster.ts';
import { loadKubeconfig } from './api.ts';
import { handshakeError, notReached } from './not-reached.ts';
import { patientTimeout } from '../../run/patience.ts';

/** Asks a port on a pod's loopback through one WebSocket of the API server: no program runs in the pod for it. */
export async function getFromPod(
  kubeconfig: string,
  query: PodPortQuery,
  signal: AbortSignal,
): Promise<PodPortAnswer> {
  const doing = `requesting ${query.path} from ${query.namespace}/${query.pod} on port ${query.port}`;
  const deadline = patientTimeout(query.timeoutMs);
  const over = AbortSignal.any([signal, deadline]);
  const config = await loadKubeconfig(kubeconfig);
  try {
    return await get(await openPort(config, query, over), query, over);
  } catch (error) {
    if (deadline.aborted && !signal.aborted)
      throw new MeshdevError('TIMED_OUT', {
        message: `${doing}: no response within ${query.timeoutMs / 1000} s`,
        cause: error,
      });
    throw notReached(error, { server: config.getCurrentCluster()?.server ?? '', doing, signal });
  }
}

/** @throws MeshdevError LAB_NOT_UP where there is no kubeconfig */
export async function connectToPod(kubeconfig: string, port: PodPort, signal: AbortSignal): Promise<Duplex> {
  return openPort(await loadKubeconfig(kubeconfig), port, signal);
}

type Kubeconfig = Awaited<ReturnType<typeof loadKubeconfig>>;

/** A connection to the port, which ends with the signal. */
async function openPort(
  config: Kubeconfig,
  { namespace, pod, port }: PodPort,
  signal: AbortSignal,
): Promise<Duplex> {
  const { PortForward } = await import('@kubernetes/client-node');
  const [sent, received, refused] = [inMessages(), new PassThrough(), new PassThrough()];
  const connection = Duplex.from({ readable: received, writable: sent });
  const socket = new PortForward(config).portForward(namespace, pod, [port], received, refused, sent);
  // Also a handshake that is never answered ends with the signal.
  connection.once('close', () => void socket.then((opened) => opened.terminate()).catch(() => undefined));
  const end = (): void => void connection.destroy(new Error('stopped'));
  signal.addEventListener('abort', end, { once: true });
  connection.once('close', () => signal.removeEventListener('abort', end));
  if (signal.aborted) end();
  refused.once('data', (reason: Buffer) => connection.destroy(new Error(reason.toString('utf8').trim())));
  socket.then(
    (opened) => opened.on('close', () => received.end()),
    (failure: unknown) => connection.destroy(handshakeError(failure)),
  );
  return connection;
}

/** One message must stay below the server's limit. */
const MESSAGE_BYTES = 16 * 1024;

function inMessages(): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      for (let at = 0; at < chunk.length; at += MESSAGE_BYTES)
        this.push(chunk.subarray(at, at + MESSAGE_BYTES));
      done();
    },
  });
}

function get(connection: Duplex, { path, port }: PodPortQuery, signal: AbortSignal): Promise<PodPortAnswer> {
  return new Promise<PodPortAnswer>((resolve, reject) => {
    const read = async (response: IncomingMessage): Promise<PodPortAnswer> => ({
      status: response.statusCode ?? 0,
      body: await text(response),
    });
    const headers = { Host: `127.0.0.1:${port}`, Connection: 'close' };
    request({ createConnection: () => connection, path, headers, signal })
      .once('response', (response) => void read(response).then(resolve, reject))
      .once('error', reject)
      .end();
  }).finally(() => connection.destroy());
}
