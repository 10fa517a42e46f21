import { access, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { labPaths, pathsFrom } from '../../../src/topology/paths.ts';
import { makeCa } from '../../support/certificates.ts';
import { runCli } from '../../support/run-cli.ts';

describe('env in a shell that has a proxy and extra CAs', () => {
  let home = '';
  let company = '';
  const files = () => labPaths(pathsFrom({ XDG_STATE_HOME: join(home, 'state') }, home), 'demo');

  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'meshdev-env-'));
    company = join(home, 'company.pem');
    await writeFile(company, (await makeCa('Company root')).certificatePem);
    await mkdir(dirname(files().edgeRoot), { recursive: true });
    const root = await makeCa('meshdev edge root demo', undefined, { organization: 'meshdev' });
    await writeFile(files().edgeRoot, root.certificatePem);
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  const run = (argv: readonly string[], env = {}) =>
    runCli(['env', ...argv], {
      cwd: home,
      env: { HOME: home, XDG_STATE_HOME: join(home, 'state'), ...env },
    });

  it('prints the bundle and the completed NO_PROXY', async () => {
    const { exitCode, out, err } = await run([], {
      NODE_EXTRA_CA_CERTS: company,
      https_proxy: 'http://proxy.example:3128',
      NO_PROXY: 'corp.example',
    });
    expect([exitCode, err]).toEqual([0, '']);
    expect(out).toContain(`export NODE_EXTRA_CA_CERTS='${files().nodeExtraCa}'\n`);
    expect(out).toContain(`export MESHDEV_CA='${files().edgeRoot}'\n`);
    const list = 'corp.example,mesh.localhost,.mesh.localhost,127.0.0.1';
    expect(out).toContain(`export NO_PROXY='${list}'\nexport no_proxy='${list}'\n`);
  });

  it('has the same variables as before in a shell with neither', async () => {
    const { out } = await run(['-o', 'json']);
    expect(JSON.parse(out)).toMatchObject({ NODE_EXTRA_CA_CERTS: files().edgeRoot });
    expect(Object.keys(JSON.parse(out))).not.toContain('NO_PROXY');
  });

  it.each(['--ca', '--kubeconfig'])('writes no bundle for %s, which does not name it', async (flag) => {
    const { exitCode, err } = await run([flag], { NODE_EXTRA_CA_CERTS: company });
    expect([exitCode, err]).toEqual([0, '']);
    await expect(access(files().nodeExtraCa)).rejects.toThrow('ENOENT');
  });

  it('says on stderr which file it leaves out', async () => {
    const { exitCode, out, err } = await run([], { NODE_EXTRA_CA_CERTS: join(home, 'gone.pem') });
    expect(exitCode).toBe(0);
    expect(err).toContain('gone.pem is left out: ');
    expect(out).toContain(`export NODE_EXTRA_CA_CERTS='${files().edgeRoot}'\n`);
  });
});
