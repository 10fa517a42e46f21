import { buffer } from 'node:stream/consumers';
import { MeshdevError, textOf } from '../../errors/meshdev-error.ts';
import type { RunScope } from '../../run/run-scope.ts';
import { isFull } from '../../errors/system-error.ts';
import { byteMeter, megabytes } from '../progress-bytes.ts';
import { corrupt, diskFull, PassingFault, unreachable } from './failures.ts';
import type { Get } from './http.ts';
import { limited } from './limit.ts';
import { withRetries } from './retry.ts';
import type { BlobStore } from './store.ts';
import type { ToolSpec } from './tool-specs.ts';

/** Release files below one base: that of the projects, or a proxy in front of it. */
export interface ReleaseFiles {
  /** The published checksum, as `sha256:…`. */
  checksum(spec: ToolSpec, run: RunScope): Promise<string>;
  /** Puts the file into the store; nothing stays of one that is another than wanted. */
  fetch(spec: ToolSpec, digest: string, store: BlobStore, run: RunScope): Promise<void>;
}

export function releaseFiles(base: string, get: Get): ReleaseFiles {
  const ask = async (doing: string, path: string, signal: AbortSignal) => {
    const url = new URL(`${base}/${path}`);
    const answer = await get(url, { doing, signal });
    if (answer.statusCode === 200) return answer;
    answer.resume();
    if (answer.statusCode === 429)
      throw limited(doing, {
        endpoint: url,
        headers: answer.headers,
        said: '',
        ways: ['meshdev docs images'],
      });
    const failure = unreachable(doing, `${url.host} answered ${answer.statusCode}`);
    throw answer.statusCode === 404 ? notThere(doing, url) : failure;
  };
  return {
    checksum: (spec, run) =>
      withRetries(async () => {
        const doing = `downloading ${spec.name} ${spec.version}`;
        const text = (await buffer(await ask(doing, spec.sumPath, run.signal))).toString('utf8');
        const hex = /^\s*([0-9a-f]{64})\b/i.exec(text)?.[1];
        if (hex === undefined) throw unreachable(doing, `${base}/${spec.sumPath} is not a checksum`).settled;
        return `sha256:${hex.toLowerCase()}`;
      }, run),
    fetch: (spec, digest, store, run) =>
      withRetries(async () => {
        const doing = `downloading ${spec.name} ${spec.version}`;
        const answer = await ask(doing, spec.path, run.signal);
        const onBytes = byteMeter((bytes) => run.progress(`${doing} · ${megabytes(bytes)}`));
        try {
          const kept = await store.keep(answer, digest, onBytes, run.signal);
          if (kept.digest !== digest) throw corrupt(doing, digest, kept.digest);
        } catch (error) {
          if (error instanceof PassingFault || error instanceof MeshdevError) throw error;
          if (isFull(error)) throw diskFull(store.dir, error);
          throw unreachable(doing, `the connection broke: ${textOf(error)}`, error);
        }
      }, run),
  };
}

function notThere(doing: string, url: URL): MeshdevError {
  return new MeshdevError('IMAGE_NOT_FOUND', {
    message: `${doing}: ${url.href} does not exist`,
    remedies: [`put the release file at ${url.href}`, 'meshdev up'],
    details: { status: 404 },
  });
}
