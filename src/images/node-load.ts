import { MeshdevError, textOf } from '../errors/meshdev-error.ts';
import type { ContainerEngine, ExecResult } from '../ports/container-engine.ts';
import type { NodeImage, NodeImages } from '../ports/image-source.ts';
import type { RunScope } from '../run/run-scope.ts';
import { countBytes, megabytes } from './progress-bytes.ts';

const CTR = ['ctr', '--namespace', 'k8s.io', 'images'];
const IMPORT_LIMIT_MS = 10 * 60_000;

/**
 * Streams images into a node as one archive and proves by digest that each one arrived whole. They are
 * pinned, so that the kubelet never collects them, and stay packed: the node unpacks what it runs.
 * Idempotent: when all of them are there, nothing is sent.
 * @throws MeshdevError IMAGE_NOT_IN_NODE
 */
export async function loadIntoNode(
  engine: ContainerEngine,
  node: string,
  wanted: NodeImages,
  { signal, progress }: RunScope,
): Promise<void> {
  const before = await missingInNode(engine, node, wanted.images, signal);
  if (before.length === 0) return;
  const archive = countBytes(await wanted.open(), (sent) =>
    progress(
      `loading ${wanted.images.length} images into the node · ${megabytes(sent)} of ${megabytes(wanted.bytes)}`,
    ),
  );
  const flags = ['--local', '--label=io.cri-containerd.pinned=pinned', '--all-platforms', '--no-unpack'];
  const spec = { argv: [...CTR, 'import', ...flags, '-'], stdin: archive, timeoutMs: IMPORT_LIMIT_MS };
  const result = await engine.containers.exec(node, spec, signal).catch((error: unknown) => {
    throw error instanceof MeshdevError ? error : notInNode(node, textOf(error), error);
  });
  if (result.exitCode !== 0) throw notInNode(node, lastWords(result));
  // The program's word is not enough: it can exit 0 without the image.
  const missing = await missingInNode(engine, node, wanted.images, signal);
  if (missing.length > 0) throw notInNode(node, missing.join(' · '));
}

/** What the node lacks of these images, each with what was seen; reads only. */
export async function missingInNode(
  engine: ContainerEngine,
  node: string,
  wanted: readonly NodeImage[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (wanted.length === 0) return [];
  const result = await engine.containers.exec(node, { argv: [...CTR, 'check'] }, signal);
  if (result.exitCode !== 0) return [`listing the images of ${node}: ${lastWords(result)}`];
  return missingFrom(result.stdout.toString('utf8'), wanted);
}

/**
 * Removes from a node what is pinned there and not wanted any more.
 * @returns names that were removed
 * @throws MeshdevError IMAGE_NOT_IN_NODE when the node refuses
 */
export async function dropFromNode(
  engine: ContainerEngine,
  node: string,
  { prefix, keep }: { readonly prefix: string; readonly keep: ReadonlySet<string> },
  signal: AbortSignal,
): Promise<readonly string[]> {
  const listed = await engine.containers.exec(node, { argv: [...CTR, 'list', '--quiet'] }, signal);
  if (listed.exitCode !== 0) throw notInNode(node, lastWords(listed));
  const names = listed.stdout.toString('utf8').split('\n');
  const gone = names.filter((name) => name.startsWith(prefix) && !keep.has(name));
  if (gone.length === 0) return [];
  const removed = await engine.containers.exec(node, { argv: [...CTR, 'remove', ...gone] }, signal);
  if (removed.exitCode !== 0) throw notInNode(node, lastWords(removed));
  return gone;
}

/**
 * Pure: reads `ctr images check`, whose lines are reference, type, digest, status, counts and so on.
 * Only an image with the wanted digest and every one of its parts counts as there.
 */
export function missingFrom(table: string, wanted: readonly NodeImage[]): readonly string[] {
  const rows = table.split('\n').map((line) => line.trim().split(/\s+/));
  const held = new Map(
    rows.map(([name = '', _type, digest = '', status = '']) => [name, { digest, status }]),
  );
  return wanted.flatMap(({ name, digest }) => {
    const seen = held.get(name);
    if (seen === undefined) return [`${name} is missing in the node`];
    if (seen.digest !== digest) return [`${name} is ${seen.digest}, expected ${digest}`];
    return seen.status === 'complete' ? [] : [`${name} is ${seen.status}`];
  });
}

function lastWords({ stdout, stderr, exitCode }: ExecResult): string {
  const text = (stderr.length > 0 ? stderr : stdout).toString('utf8').trim().split('\n').slice(-3).join(' ');
  return text === '' ? `exit code ${exitCode}` : text;
}

function notInNode(node: string, seen: string, cause?: unknown): MeshdevError {
  return new MeshdevError('IMAGE_NOT_IN_NODE', {
    message: `loading images into ${node}: ${seen}`,
    remedies: ['meshdev up', `docker exec ${node} df -h /var`],
    cause,
  });
}
