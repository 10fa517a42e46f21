import { createHash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { extract } from 'tar-stream';
import type { BuildEnd, BuildSpec } from '../../src/ports/image-build.ts';
import type { FakeStore } from './fake-store.ts';

const INSTRUCTIONS = new Set(['FROM', 'COPY', 'RUN', 'CMD', 'LABEL', 'ENV', 'ARG', 'ENTRYPOINT', 'USER']);

/**
 * Builds in the fake engine: base images must be there and sources of COPY in the archive; `RUN false` fails.
 * Equal archives and options give an image of the same id.
 */
export async function buildInFake(store: FakeStore, spec: BuildSpec): Promise<BuildEnd> {
  const files = await filesIn(spec);
  const dockerfile = files.get(spec.dockerfile);
  if (dockerfile === undefined) return failed(`Cannot locate specified Dockerfile: ${spec.dockerfile}`);
  const steps = dockerfile
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const unknown = steps.map((step) => wordsOf(step)[0] ?? '').find((word) => !INSTRUCTIONS.has(word));
  if (unknown !== undefined) return failed(`dockerfile parse error: unknown instruction: ${unknown}`);
  for (const [index, step] of steps.entries()) {
    spec.onOutput(`Step ${index + 1}/${steps.length} : ${step}\n`);
    const because = failureOf(store, files, step);
    if (because !== undefined) return failed(because);
  }
  const known = JSON.stringify([[...files], spec.args, spec.target, spec.labels]);
  const id = `sha256:${createHash('sha256').update(known).digest('hex')}`;
  store.images.set(spec.reference, { id, tags: [spec.reference], labels: spec.labels, sizeBytes: 1 });
  return { kind: 'built' };
}

async function filesIn({ context }: BuildSpec): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  const reader = extract();
  context.once('error', (error) => reader.destroy(error));
  context.pipe(reader);
  for await (const entry of reader) files.set(entry.header.name, await text(entry));
  return files;
}

function failureOf(store: FakeStore, files: ReadonlyMap<string, string>, step: string): string | undefined {
  const [word, first = ''] = wordsOf(step);
  if (word === 'RUN' && first === 'false')
    return `The command '/bin/sh -c false' returned a non-zero code: 1`;
  if (word === 'COPY' && !first.startsWith('-') && first !== '.' && !files.has(first))
    return `COPY failed: file not found in build context: stat ${first}: file does not exist`;
  if (word === 'FROM' && first !== 'scratch' && !store.images.has(first))
    return `pull access denied for ${first}`;
  return undefined;
}

function wordsOf(step: string): readonly string[] {
  return step.split(/\s+/);
}

function failed(because: string): BuildEnd {
  return { kind: 'failed', because };
}
