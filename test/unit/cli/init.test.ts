import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { initFile } from '../../../src/cli/init-flow.ts';
import type { Questions } from '../../../src/ports/questions.ts';
import { runCli } from '../../support/run-cli.ts';
import { silentCli } from '../../support/silent-cli.ts';

let home = '';
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'meshdev-init-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));
beforeEach(() => rm(join(home, 'meshdev.yaml'), { force: true }));

const path = (): string => join(home, 'meshdev.yaml');
const written = async (): Promise<unknown> => parse(await readFile(path(), 'utf8'));
const run = (...argv: readonly string[]) => runCli(['init', ...argv], { cwd: home, env: { HOME: home } });

describe('meshdev init', () => {
  it('writes a file without questions, where nobody can answer', async () => {
    const { exitCode, out } = await run();
    expect({ exitCode, out }).toEqual({ exitCode: 0, out: `wrote ${path()}\n` });
    expect(await written()).toEqual({ apiVersion: 'meshdev/v1' });
    expect((await runCli(['config', 'validate', path()])).exitCode).toBe(0);
  });

  it('takes the lab and a service from flags', async () => {
    const argv = ['--name', 'blue', '--domain', 'lab.test', '--https-port', '8443', '--service', 'orders'];
    const more = ['--build', './orders', '--port', '8080', '--host', 'orders', '--role', 'admin', 'viewer'];
    const { out } = await run(...argv, ...more, '-o', 'json');
    expect(JSON.parse(out)).toMatchObject({ kind: 'ConfigCreated', path: path(), services: ['orders'] });
    expect(await written()).toEqual({
      apiVersion: 'meshdev/v1',
      name: 'blue',
      domain: 'lab.test',
      httpsPort: 8443,
      services: {
        orders: { build: './orders', port: 8080, host: 'orders', allow: [{ roles: ['admin', 'viewer'] }] },
      },
    });
  });

  it.each([
    [['--service', 'a'], 'needs --port and exactly one of --image'],
    [['--service', 'a', '--image', 'a', '--build', '.', '--port', '80'], 'exactly one of'],
    [['--service', 'gateway', '--image', 'a', '--port', '80'], 'gateway is reserved'],
    [
      ['--service', 'a', '--image', 'a', '--port', 'many'],
      'CONFIG_INVALID: the new meshdev.yaml:6:11 services.a.port: must be a number',
    ],
    [
      ['--service', 'a', '--image', 'a', '--port', '80', '--host', 'a', '--role', 'boss'],
      'no user with the role boss',
    ],
    [['--domain', 'single'], 'domain: must be a DNS name'],
    [['--https-port', 'many'], 'httpsPort: '],
    [['--from', 'nowhere.yaml'], 'reading the compose file'],
    [['--from', 'nowhere.yaml', '--config', 'sub/meshdev.yaml'], 'its paths are relative to'],
    [['--config', 'no-such-directory/meshdev.yaml'], 'does not exist'],
  ])('%j is refused, and nothing is written', async (argv, said) => {
    const { exitCode, err } = await run(...argv);
    expect(exitCode).toBe(2);
    expect(err).toContain(said);
    await expect(readFile(path())).rejects.toThrow('ENOENT');
  });

  it('replaces no file without consent', async () => {
    await writeFile(path(), 'name: mine\n');
    const { exitCode, err } = await run();
    expect(exitCode).toBe(2);
    expect(err).toContain(`replace the file ${path()}`);
    expect(err).toContain('meshdev: CONSENT_NEEDED: ');
    expect(await readFile(path(), 'utf8')).toBe('name: mine\n');
    expect((await run('--yes')).exitCode).toBe(0);
    expect(await written()).toEqual({ apiVersion: 'meshdev/v1' });
  });

  it('imports a compose file beside it, and refuses it by name', async () => {
    await writeFile(
      join(home, 'compose.yaml'),
      'services: { web: { image: web, ports: [80], privileged: true } }',
    );
    const from = join(home, 'compose.yaml');
    const refused = await run('--from', from);
    expect(refused.err).toContain(`${from}:1:45 services.web.privileged: has no meaning here`);
    await writeFile(from, 'services: { web: { image: web, ports: [80] } }');
    const { out } = await run('--from', from, '--domain', 'lab.test');
    expect(out).toContain('note      web: gets the host web');
    expect(await written()).toMatchObject({
      domain: 'lab.test',
      services: { web: { port: 80, host: 'web' } },
    });
  });
});

describe('at a terminal', () => {
  /** Answers in order; an answer that the question refuses is said to be, and the next one is given. */
  function person(answers: readonly (string | boolean)[], refused: string[] = []): Questions {
    const left = [...answers];
    return {
      text: async (_, initial, problem) => {
        for (;;) {
          const next = left.shift();
          const answer = next === '' || next === undefined ? initial : String(next);
          const why = problem(answer);
          if (why === undefined) return answer;
          refused.push(why);
        }
      },
      choose: async (_, choices) => {
        const answer = left.shift();
        return choices.find((choice) => choice === answer) ?? choices[0] ?? fail();
      },
      confirm: async () => left.shift() === true,
    };
  }

  const fail = (): never => {
    throw new Error('no choice is there');
  };

  const answer = (asked: Questions) => {
    const cli = silentCli({ env: {}, cwd: home, signal: new AbortController().signal });
    return initFile({ ...cli, interactive: true }, { output: 'text', input: true }, async () => asked);
  };

  it('asks for the zone and for each service', async () => {
    const refused: string[] = [];
    const first = ['lab.test', 'Orders', 'orders', 'build', './orders', '0', '8080', 'http', '', ''];
    const second = [
      true,
      'db',
      'image',
      'postgres:17',
      '5432',
      'tcp',
      true,
      'web',
      'local',
      '5173',
      'http',
      '-',
    ];
    await answer(person([...first, ...second, false], refused));
    expect(refused).toEqual([expect.stringContaining('RFC 1123'), 'must be from 1 to 65535']);
    expect(await written()).toEqual({
      apiVersion: 'meshdev/v1',
      domain: 'lab.test',
      services: {
        orders: { build: './orders', port: 8080, host: 'orders', allow: [{ roles: ['admin'] }] },
        db: { image: 'postgres:17', port: 5432, appProtocol: 'tcp' },
        web: { local: { port: 5173 } },
      },
    });
  });

  it('writes a lab of the sample alone for somebody who names no service', async () => {
    await answer(person(['', '']));
    expect(await written()).toEqual({ apiVersion: 'meshdev/v1', domain: 'mesh.localhost' });
  });
});
