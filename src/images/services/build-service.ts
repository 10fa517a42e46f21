import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { redact } from '../../errors/redact.ts';
import type { ContainerEngine } from '../../ports/container-engine.ts';
import type { RunScope } from '../../run/run-scope.ts';
import { LABEL, MANAGED_BY } from '../../topology/labels.ts';
import { type ArchiveEntry, archiveOf } from '../bundle/tar.ts';
import { buildLog } from './build-log.ts';
import type { BuildPlan } from './build-plan.ts';
import { archiveEntries } from './context.ts';
import { rewritten } from './dockerfile.ts';
import { changedMeanwhile, stepFailed } from './problems.ts';

/** Dependencies that are compiled take minutes; a build that hangs still ends. */
const BUILD_LIMIT_MS = 60 * 60_000;
const ROLE = 'service-image';

/**
 * Builds the image of a service under this reference.
 * @param replaced names of base images that the engine has under another name
 * @throws MeshdevError SERVICE_BUILD_FAILED, DISK_FULL, INTERRUPTED; nothing has the reference then
 */
export async function buildService(
  engine: ContainerEngine,
  plan: BuildPlan,
  reference: string,
  replaced: ReadonlyMap<string, string>,
  run: RunScope,
): Promise<void> {
  const { names, dockerfile, target } = plan;
  const sent = await contextOf(plan, replaced);
  const log = buildLog(plan, run);
  const end = await engine.images.build(
    {
      reference,
      context: Readable.from(archiveOf(sent.entries), { objectMode: false }),
      dockerfile: sent.dockerfile,
      builder: dockerfile.builder,
      args: dockerfile.args,
      labels: { [LABEL.managedBy]: MANAGED_BY, [LABEL.role]: ROLE, [LABEL.service]: names.service },
      onOutput: log.hear,
      timeoutMs: BUILD_LIMIT_MS,
      ...(target === undefined ? {} : { target }),
    },
    run.signal,
  );
  if (end.kind === 'failed')
    throw stepFailed(names, { step: log.step(end.step), because: redact(end.because), output: log.output() });
}

/** A name that no project has; the classic builder removes what a `.dockerignore` names before the first step. */
const OWN_DOCKERFILE = '.meshdev.dockerfile';
const DOCKERIGNORE = '.dockerignore';

/** The archive of the context, with a Dockerfile beside it where the engine is not sent the one of the project. */
async function contextOf(
  plan: BuildPlan,
  replaced: ReadonlyMap<string, string>,
): Promise<{ readonly entries: readonly ArchiveEntry[]; readonly dockerfile: string }> {
  const { names, contextDir, entries, dockerfile, text, inContext } = plan;
  const places = [
    ...(dockerfile.builder === 'classic' ? dockerfile.platformFlags : []).map((place) => ({ place, by: '' })),
    ...dockerfile.bases.flatMap((place) => {
      const by = replaced.get(place.image);
      return by === undefined ? [] : [{ place, by: `${place.prefix}${by}` }];
    }),
  ];
  const changed = (path: string): Error => changedMeanwhile(names, path);
  if (places.length === 0 && inContext !== undefined)
    return { entries: archiveEntries(contextDir, entries, changed), dockerfile: inContext };
  const own = added(OWN_DOCKERFILE, rewritten(text, places));
  // BuildKit does not look for a `.dockerignore` in an archive.
  if (dockerfile.builder === 'buildkit')
    return {
      entries: [...archiveEntries(contextDir, entries, changed), own],
      dockerfile: OWN_DOCKERFILE,
    };
  const others = entries.filter(({ path }) => path !== DOCKERIGNORE);
  const ignored =
    others.length === entries.length
      ? `${DOCKERIGNORE}\n`
      : `${await readFile(join(contextDir, DOCKERIGNORE), 'utf8')}\n`;
  return {
    entries: [
      ...archiveEntries(contextDir, others, changed),
      added(DOCKERIGNORE, `${ignored}${OWN_DOCKERFILE}\n`),
      own,
    ],
    dockerfile: OWN_DOCKERFILE,
  };
}

function added(name: string, text: string): ArchiveEntry {
  const content = Buffer.from(text);
  return { name, bytes: content.length, content };
}
