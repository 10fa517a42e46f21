import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { MeshdevError } from '../errors/meshdev-error.ts';
import type { ContainerEngine, Containers } from '../ports/container-engine.ts';
import { pausedLab, stoppedLab } from './asleep.ts';
import type { LabContext } from './lab-context.ts';

/** As kubeadm writes it: on the node it needs no address that this machine can reach. */
const KUBECONFIG = '/etc/kubernetes/admin.conf';

/** By which a kubectl is found again in the node. */
const MARK = 'MESHDEV_KUBECTL';

/** The longest that a timer can wait for. */
const WITHOUT_LIMIT_MS = 2 ** 31 - 1;
const END_MS = 5_000;

/** All that a kubectl needs of a lab. */
export interface KubectlContext extends Pick<LabContext, 'lab'> {
  readonly engine: (signal: AbortSignal) => Promise<Pick<ContainerEngine, 'containers'>>;
  /** Throws LAB_FOREIGN where the node is of another lab. */
  readonly refuseForeign: (signal: AbortSignal) => Promise<void>;
}

/** Where the streams of a kubectl go. */
export interface KubectlStreams {
  /** Undefined where it reads none. */
  readonly stdin: Readable | undefined;
  readonly onStdout: (chunk: Buffer) => void;
  readonly onStderr: (chunk: Buffer) => void;
}

/**
 * Runs the kubectl of the lab's own node and returns its exit code. When the signal ends the run, that kubectl is ended
 * too: the engine would leave it running.
 * @throws MeshdevError LAB_NOT_UP, LAB_STOPPED or LAB_PAUSED where no node runs, LAB_FOREIGN where it is of another lab
 */
export async function nodeKubectl(
  context: KubectlContext,
  args: readonly string[],
  streams: KubectlStreams,
  signal: AbortSignal,
): Promise<number> {
  const { lab } = context;
  await context.refuseForeign(signal);
  const { containers } = await context.engine(signal);
  await ensureRunning(containers, lab, signal);
  const { stdin, onStdout, onStderr } = streams;
  const mark = randomUUID();
  try {
    const { exitCode } = await containers.exec(
      lab.cluster.node,
      {
        argv: ['kubectl', '--kubeconfig', KUBECONFIG, ...args],
        env: { [MARK]: mark },
        onStdout,
        onStderr,
        timeoutMs: WITHOUT_LIMIT_MS,
        ...(stdin === undefined ? {} : { stdin }),
      },
      signal,
    );
    return exitCode;
  } catch (error) {
    if (signal.aborted) await endMarked(containers, lab.cluster.node, mark);
    throw error;
  }
}

const DOING = 'running kubectl in the node';

async function ensureRunning(
  containers: Containers,
  { name, cluster }: LabContext['lab'],
  signal: AbortSignal,
): Promise<void> {
  const node = await containers.inspect(cluster.node, signal);
  if (node?.state === 'running') return;
  if (node?.state === 'paused') throw pausedLab(name, DOING);
  if (node?.state === 'exited') throw stoppedLab(name, DOING);
  throw new MeshdevError('LAB_NOT_UP', {
    message: `running kubectl in the node of lab ${name}: container ${cluster.node} ${node === undefined ? 'does not exist' : `is ${node.state}`}`,
    remedies: ['meshdev up'],
  });
}

/** By its environment: names and process ids may be those of somebody else's kubectl. */
async function endMarked(containers: Containers, node: string, mark: string): Promise<void> {
  const script = `for dir in /proc/[0-9]*; do grep -qsa "${MARK}=$1" "$dir/environ" && kill "\${dir#/proc/}"; done; true`;
  await containers
    .exec(node, { argv: ['sh', '-c', script, 'end', mark] }, AbortSignal.timeout(END_MS))
    .catch(() => undefined);
}
