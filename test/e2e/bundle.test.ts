import { randomInt } from 'node:crypto';
import { chmod, open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openReader, type Reader, tellSessions } from '../support/e2e-docs.ts';
import { type Home, openHome } from '../support/e2e-home.ts';
import { LAB, NAMED, parseUnproved, parseUpReport } from '../support/e2e-lab.ts';
import { expectAsBefore, settledSnapshot } from '../support/e2e-machine.ts';
import { type Ended, exited, must, runProgram } from '../support/e2e-program.ts';
import { type InstalledPackage, installPackage, NOBODY } from '../support/installed-package.ts';
import { expectTheVerdictsOfEveryLab } from '../support/e2e-verdicts.ts';
import { type IsolatedEngine, startIsolatedEngine } from '../support/isolated-engine.ts';
import { lowestNode, NEWEST_24 } from '../support/node-versions.ts';

// A bundle of the real images: made here, used on a machine that reaches nothing.

let home: Home;
let reader: Reader;
let file = '';
let digest = '';

beforeAll(async () => {
  home = await openHome();
  reader = await openReader(home);
  // As the documentation calls it.
  file = join(reader.directory, 'lab.bundle');
});
afterAll(async () => {
  await reader[Symbol.asyncDispose]();
  await home[Symbol.asyncDispose]();
});

/** What a lab remembers is tested here: no variable may name a source. And there is no Go. */
const BARE = {
  MESHDEV_IMAGE_SOURCE: undefined,
  DOCKER_CONFIG: undefined,
  PATH: '/usr/bin:/bin:/usr/sbin:/sbin',
} as const;
const UP = ['up', ...NAMED, '--https-port', String(LAB.httpsPort)] as const;

describe('the documentation of bundles', () => {
  tellSessions(() => reader, 'bundle');
});

describe('bundle create', () => {
  it('says the digest of the file, which is verified in seconds', async ({ annotate }) => {
    digest = (await must('sha256sum', [file])).slice(0, 64);
    expect([...reader.followed.values()].join('')).toContain(`${digest}  ${file}\n`);
    const verified = exited(await home.meshdev(['bundle', 'verify', file, '-o', 'json']), 0);
    expect(JSON.parse(verified.stdout)).toMatchObject({ kind: 'Bundle', verified: true, sha256: digest });
    await annotate(`${(await stat(file)).size} bytes, verified in ${seconds(verified)}`);
  });
});

describe('a changed bundle', () => {
  it('is refused before any container starts, whichever of 20 bytes was changed', async ({ annotate }) => {
    const before = await settledSnapshot(LAB.name, home.path);
    const copy = join(home.path, 'copy.bundle');
    await must('cp', [file, copy]);
    const took = await Promise.all([
      refusals({ path: file, lab: LAB.name, count: 10 }),
      refusals({ path: copy, lab: `${LAB.name}-copy`, count: 10 }),
    ]);
    for (const path of [file, copy]) expect((await must('sha256sum', [path])).slice(0, 64)).toBe(digest);
    await must('rm', [copy]);
    await expectAsBefore(LAB.name, home.path, before);
    await annotate(`each refused within ${(Math.max(...took.flat()) / 1000).toFixed(1)} s`);
  });

  interface Attempts {
    readonly path: string;
    readonly lab: string;
    readonly count: number;
  }

  /** Changes one byte after the other and puts each back. @returns how long each refusal took, in ms */
  async function refusals({ path, lab, count }: Attempts): Promise<readonly number[]> {
    const { size } = await stat(path);
    await using bytes = await open(path, 'r+');
    const took: number[] = [];
    for (let tried = 0; tried < count; tried += 1) {
      const at = randomInt(size);
      const { buffer } = await bytes.read(Buffer.alloc(1), 0, 1, at);
      const good = buffer.readUInt8(0);
      await bytes.write(Buffer.from([good ^ randomInt(1, 256)]), 0, 1, at);
      const up = ['up', '--name', lab, '--https-port', String(LAB.httpsPort), '--bundle', path];
      const { exitCode, stderr, durationMs } = await home.meshdev(up);
      await bytes.write(Buffer.from([good]), 0, 1, at);
      took.push(durationMs);
      expect({ at, exitCode, code: /BUNDLE_[A-Z]+/.exec(stderr)?.[0] }).toEqual({
        at,
        exitCode: 3,
        code: 'BUNDLE_DAMAGED',
      });
    }
    return took;
  }
});

// The package as a user has it who installed it and is not root, from an empty directory.
describe('on a machine without any route', () => {
  let isolated: IsolatedEngine;
  let installed: InstalledPackage;
  let lowest = '';
  const there = (argv: readonly string[], node = lowest): Promise<Ended> => {
    const env = { ...BARE, DOCKER_HOST: isolated.host };
    return installed.meshdev(node, argv, { env, enter: isolated.enter });
  };

  beforeAll(async () => {
    lowest = await lowestNode();
    installed = await installPackage([lowest, NEWEST_24]);
    isolated = await startIsolatedEngine();
    await isolated.allowGroup(NOBODY);
    for (const path of [home.path, reader.directory, file]) await chmod(path, 0o755);
  });
  afterAll(async () => {
    await isolated[Symbol.asyncDispose]();
    await installed[Symbol.asyncDispose]();
  });

  it('there is none, no image and no Go', async () => {
    const [program = '', ...enter] = isolated.enter;
    const routed = await runProgram(program, [...enter, 'ip', 'route', 'get', '192.0.2.1']);
    expect(routed.stderr).toMatch(/unreachable/);
    expect(await isolated.engine.images.list({}, AbortSignal.timeout(10_000))).toEqual([]);
  });

  it('up --bundle ends with a proved chain', async ({ annotate }) => {
    const up = exited(await there([...UP, '--bundle', file, '-o', 'json']), 0);
    const report = parseUpReport(up.stdout);
    expect(report.steps.find(({ id }) => id === 'images')).toMatchObject({
      action: 'create',
      because: expect.stringContaining(`verified (sha256 ${digest.slice(0, 12)}`),
    });
    expect(report.check.summary).toMatchObject({ fail: 0, unknown: 0, exitCode: 0 });
    await expectTheVerdictsOfEveryLab(report.check);
    await annotate(`up from a bundle, everything empty: ${seconds(up)}`);
  });

  it('a second up needs no flag and keeps everything', async () => {
    const { stdout } = exited(await there(['up', ...NAMED, '--no-check', '-o', 'json']), 0);
    expect(parseUnproved(stdout).steps.map(({ action }) => action)).toEqual(
      Array.from({ length: 11 }, () => 'keep'),
    );
    const status = exited(await there(['status', ...NAMED]), 0);
    expect(status.stdout).toContain('images: bundle');
  });

  it('a bundle that is gone is named, and its new place is enough', async () => {
    const moved = join(home.path, 'moved.bundle');
    await must('mv', [file, moved]);
    const { stderr } = exited(await there(['up', ...NAMED]), 2);
    expect(stderr).toMatch(/BUNDLE_UNREADABLE: .*lab\.bundle.*ENOENT/);
    exited(await there(['up', ...NAMED, '--no-check', '--bundle', moved]), 0);
  });

  it('another Node.js checks the lab, explains, shows the docs and removes it, and the directory stays empty', async () => {
    const check = exited(await there(['check', 'edge', 'jwt', ...NAMED], NEWEST_24), 0);
    expect(check.stdout).toMatch(/ 0 fail, 0 unknown, .* exit 0$/m);
    const explained = exited(await there(['explain', 'MD-MESH-005'], NEWEST_24), 0);
    expect(explained.stdout).toMatch(/^MD-MESH-005 {2}the sidecar closes plaintext/);
    expect(exited(await there(['docs', 'tutorial'], NEWEST_24), 0).stdout).toMatch(/^# Tutorial/);
    expect(exited(await there(['down', ...NAMED], NEWEST_24), 0).stdout).toContain(LAB.cluster.node);
    expect(await isolated.engine.containers.list({}, AbortSignal.timeout(10_000))).toEqual([]);
    expect(await readdir(installed.empty)).toEqual([]);
  });
});

function seconds({ durationMs }: Ended): string {
  return `${(durationMs / 1000).toFixed(1)} s`;
}
