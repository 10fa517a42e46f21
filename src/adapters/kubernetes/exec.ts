import { Readable, type Writable } from 'node:stream';
import type { KubeConfig } from '@kubernetes/client-node';
import { z } from 'zod';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { ExecResult, PodExec } from '../../ports/cluster.ts';
import { collector } from '../collector.ts';
import { loadKubeconfig } from './api.ts';
import { handshakeError, notReached } from './not-reached.ts';
import { readAnswer } from '../../read-answer.ts';
import { patientTimeout } from '../../run/patience.ts';

/** The `Status` that ends an exec; the exit code is a cause of its failure. */
const statusShape = z.object({
  status: z.string().optional(),
  message: z.string().optional(),
  details: z
    .object({
      causes: z.array(z.object({ reason: z.string().optional(), message: z.string().optional() })).optional(),
    })
    .optional(),
});

type Ending =
  | { readonly kind: 'status'; readonly status: unknown }
  | { readonly kind: 'closed' }
  | { readonly kind: 'stopped' };

/** Runs a program in a container over one WebSocket; bytes stay bytes. */
export async function execInPod(kubeconfig: string, call: PodExec): Promise<ExecResult> {
  const config = await loadKubeconfig(kubeconfig);
  const stdout = collector(call.onStdout);
  const stderr = collector();
  const ended = Promise.withResolvers<Ending>();
  using _stop = onAbort(AbortSignal.any([call.signal, patientTimeout(call.timeoutMs)]), () =>
    ended.resolve({ kind: 'stopped' }),
  );
  const socket = open(config, call, [stdout.stream, stderr.stream], ended.resolve);
  // A server that accepts and never answers is covered by the deadline too.
  const ending = await Promise.race([ended.promise, socket.then(() => ended.promise)]);
  if (ending.kind !== 'status') void socket.then((opened) => opened.terminate()).catch(() => undefined);
  return { exitCode: exitCodeOf(ending, call), stdout: stdout.bytes(), stderr: stderr.bytes() };
}

async function open(
  config: KubeConfig,
  call: PodExec,
  [stdout, stderr]: readonly [Writable, Writable],
  end: (ending: Ending) => void,
) {
  const { Exec } = await import('@kubernetes/client-node');
  const { namespace, pod, container, argv, signal } = call;
  const onStatus = (status: unknown): void => end({ kind: 'status', status });
  try {
    const socket = await new Exec(config).exec(
      namespace,
      pod,
      container,
      [...argv],
      stdout,
      stderr,
      inputOf(call),
      false,
      onStatus,
    );
    socket.on('close', () => end({ kind: 'closed' }));
    return socket;
  } catch (error) {
    const server = config.getCurrentCluster()?.server ?? '';
    throw notReached(handshakeError(error), { server, doing: doing(call), signal });
  }
}

function onAbort(signal: AbortSignal, act: () => void): Disposable {
  signal.addEventListener('abort', act, { once: true });
  if (signal.aborted) act();
  return { [Symbol.dispose]: () => signal.removeEventListener('abort', act) };
}

function doing({ argv, namespace, pod, container }: PodExec): string {
  return `running ${argv[0]} in ${namespace}/${pod} (${container})`;
}

function inputOf({ stdin }: PodExec): Readable | null {
  if (stdin === undefined) return null;
  const source = stdin instanceof Readable ? stdin : [Buffer.from(stdin)];
  return Readable.from(inMessages(source), { objectMode: false });
}

/** One message must stay below the server's limit. */
const MESSAGE_BYTES = 16 * 1024;

async function* inMessages(source: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; at += MESSAGE_BYTES) yield chunk.subarray(at, at + MESSAGE_BYTES);
  }
}

function exitCodeOf(ending: Ending, call: PodExec): number {
  if (ending.kind === 'stopped') throw stopped(call);
  if (ending.kind === 'closed') {
    throw new MeshdevError('CLUSTER_CALL_FAILED', {
      message: `${doing(call)}: the connection closed before the program ended`,
    });
  }
  const status = readAnswer(statusShape, ending.status, doing(call));
  if (status.status === 'Success') return 0;
  const code = status.details?.causes?.find(({ reason }) => reason === 'ExitCode')?.message;
  if (code !== undefined) return Number(code);
  throw new MeshdevError('CLUSTER_CALL_FAILED', {
    message: `${doing(call)}: ${status.message ?? 'no status'}`,
  });
}

function stopped(call: PodExec): MeshdevError {
  if (call.signal.aborted)
    return new MeshdevError('INTERRUPTED', { message: `stopped ${doing(call)} on request` });
  return new MeshdevError('TIMED_OUT', {
    message: `${doing(call)}: it did not exit within ${Math.round(call.timeoutMs / 1000)} s`,
  });
}
