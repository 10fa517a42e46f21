import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { watchWithChokidar } from '../../../src/adapters/chokidar-watcher.ts';
import { sourcesOf } from '../../../src/images/services/build-plan.ts';

let project: string;
const at = (path: string): string => join(project, path);

beforeEach(async () => {
  project = await mkdtemp(join(tmpdir(), 'meshdev-watch-'));
  await mkdir(at('app/lib'), { recursive: true });
  await mkdir(at('app/node_modules/dep'), { recursive: true });
  await writeFile(at('app/Dockerfile'), 'FROM scratch\n');
  await writeFile(at('app/main.go'), 'package main\n');
  await writeFile(at('app/.dockerignore'), 'node_modules\n*.log\n');
});

afterEach(() => rm(project, { recursive: true, force: true }));

async function watched(dockerfile?: string, signal = new AbortController().signal) {
  const file = dockerfile === undefined ? {} : { dockerfile };
  const sources = await sourcesOf(
    { id: 'app' },
    { kind: 'build', context: './app', args: {}, ...file },
    project,
  );
  return watchWithChokidar(sources, signal);
}

describe('sources that are watched', () => {
  it('report what changed, was added, moved and removed, together once they are quiet', async () => {
    await using changes = await watched();
    await writeFile(at('app/lib/new.go'), '');
    await rename(at('app/main.go'), at('app/app.go'));
    expect(await changes.next()).toEqual(
      expect.arrayContaining([at('app/app.go'), at('app/lib/new.go'), at('app/main.go')]),
    );
  });

  it('do not report what .dockerignore leaves out', async () => {
    await using changes = await watched();
    await writeFile(at('app/node_modules/dep/index.js'), '');
    await writeFile(at('app/debug.log'), '');
    await writeFile(at('app/main.go'), 'package main // changed\n');
    expect(await changes.next()).toEqual([at('app/main.go')]);
  });

  it('include the Dockerfile and .dockerignore however they are ignored', async () => {
    await writeFile(at('app/.dockerignore'), '*\n!main.go\n');
    await using changes = await watched();
    await writeFile(at('app/lib/ignored.go'), '');
    await writeFile(at('app/Dockerfile'), 'FROM scratch\nCOPY main.go /\n');
    await writeFile(at('app/.dockerignore'), '*\n!main.go\n!lib\n');
    await writeFile(at('app/main.go'), '// changed\n');
    expect(await changes.next()).toEqual([at('app/.dockerignore'), at('app/Dockerfile'), at('app/main.go')]);
  });

  it('include a Dockerfile outside of the context', async () => {
    await writeFile(at('app.Dockerfile'), 'FROM scratch\n');
    await using changes = await watched('../app.Dockerfile');
    await writeFile(at('app.Dockerfile'), 'FROM scratch\nCOPY . /\n');
    expect(await changes.next()).toEqual([at('app.Dockerfile')]);
  });

  it('do not follow links out of the context', async () => {
    await mkdir(at('elsewhere'));
    await symlink(at('elsewhere'), at('app/link'));
    await using changes = await watched();
    await writeFile(at('elsewhere/file'), '');
    await writeFile(at('app/main.go'), '// changed\n');
    expect(await changes.next()).toEqual([at('app/main.go')]);
  });

  it('end with the signal', async () => {
    const over = new AbortController();
    await using changes = await watched(undefined, over.signal);
    const waiting = changes.next();
    over.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });
});
