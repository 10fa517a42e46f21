import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { digestOfTree } from '../../../src/images/packages/tree-digest.ts';
import type { ProcessRunner } from '../../../src/ports/process-runner.ts';
import type { RunScope } from '../../../src/run/run-scope.ts';
import { type Registry, startRegistry } from '../registry/registry-server.ts';
import { baseStages } from './base-stages.ts';
import { registryStage } from './registry-stage.ts';
import { makeOfficialStage } from './stages.ts';

const Index = z.object({
  manifests: z.array(
    z.object({ digest: z.string(), annotations: z.object({ 'io.containerd.image.name': z.string() }) }),
  ),
});

export interface OfficialRegistry extends Registry {
  /** Digest of the index behind each name. */
  readonly digests: ReadonlyMap<string, string>;
}

/** A registry with the official-shaped images; what is not in the cache of the tests is made first. */
export async function startOfficialRegistry(runner: ProcessRunner, run: RunScope): Promise<OfficialRegistry> {
  const code = await digestOfTree(import.meta.dirname);
  const made = await makeOfficialStage(
    ({ arch }) => [...baseStages(runner), registryStage(arch, code)],
    runner,
    run,
  );
  const layout = join(made, 'layout');
  const index = Index.parse(JSON.parse(await readFile(join(layout, 'index.json'), 'utf8')));
  const registry = await startRegistry(layout, join(made, 'downloads'), join(layout, 'blobs'));
  return {
    ...registry,
    digests: new Map(
      index.manifests.map(({ digest, annotations }) => [annotations['io.containerd.image.name'], digest]),
    ),
  };
}
