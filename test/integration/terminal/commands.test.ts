import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../src/cli/command-list.ts';
import { expectCleanScreen } from '../../support/screen-rules.ts';
import { runInTerminal, type TerminalEnd } from '../../support/terminal.ts';

const MAIN = join(import.meta.dirname, '../../../dist/bin/main.js');
const LAB = ['--name', 'nowhere'];

/** Every command, run so that it harms nothing: there is no lab of that name. */
const RUNS: Readonly<
  Record<string, readonly (readonly [argv: readonly string[], exitCode: number, says: RegExp])[]>
> = {
  up: [[['--dry-run', ...LAB], 0, /^11 steps: /m]],
  check: [
    [LAB, 5, /^meshdev: LAB_NOT_UP: reading the keys of the lab/m],
    [['--list'], 0, /^MD-EDGE-001 +\+ client->edge /m],
    [['edge->gatway', ...LAB], 2, /^meshdev: USAGE: /m],
  ],
  explain: [
    [['MD-EGW-011'], 0, /^MD-EGW-011 {2}/m],
    [['Jwt_is_expired'], 0, /^ {2}means {7}/m],
    [['XFCC'], 0, /^XFCC, X-Forwarded-Client-Cert$/m],
    [['nothing-is-called-so'], 2, /^meshdev: USAGE: /m],
  ],
  status: [[LAB, 5, /^lab nowhere {3}https:/m]],
  list: [[[], 0, /^(?:lab \S+ {3}|there are no labs$)/m]],
  doctor: [
    [[...LAB, '--https-port', '47391'], 0, / fatal, /],
    [
      [...LAB, '--https-port', '47391', '--verbose'],
      0,
      /^ {2}ok {7}MD-HOST-001 {2}a container engine answers$/m,
    ],
  ],
  down: [
    [LAB, 0, /^there is no lab nowhere: nothing to remove$/m],
    [['--dry-run', ...LAB], 0, /^there is no lab nowhere: nothing to remove$/m],
    [['--all'], 0, /^there are no labs: nothing to remove$/m],
    [['--all', ...LAB], 2, /^meshdev: USAGE: removing labs: --all and --name nowhere/m],
  ],
  stop: [
    [LAB, 5, /^meshdev: LAB_NOT_UP: stopping: there is no lab nowhere$/m],
    [['--dry-run', ...LAB], 5, /^meshdev: LAB_NOT_UP: stopping: there is no lab nowhere$/m],
  ],
  start: [[LAB, 5, /^meshdev: LAB_NOT_UP: starting: there is no lab nowhere$/m]],
  restart: [[LAB, 5, /^meshdev: LAB_NOT_UP: stopping: there is no lab nowhere$/m]],
  pause: [[LAB, 5, /^meshdev: LAB_NOT_UP: pausing: there is no lab nowhere$/m]],
  resume: [[LAB, 5, /^meshdev: LAB_NOT_UP: resuming: there is no lab nowhere$/m]],
  token: [[['alice', ...LAB], 5, /^meshdev: LAB_NOT_UP: /m]],
  env: [[LAB, 5, /^meshdev: LAB_NOT_UP: /m]],
  kubectl: [
    [[...LAB, 'get', 'pods'], 5, /^meshdev: LAB_NOT_UP: running kubectl in the node of lab/m],
    [['--help'], 0, /^Usage: meshdev kubectl /m],
    [[...LAB, 'edit', 'deploy'], 2, /^meshdev: USAGE: running kubectl edit in the node/m],
  ],
  expose: [
    [['web', ...LAB], 2, /^meshdev: USAGE: exposing a process: there is no service/m],
    [LAB, 2, /^meshdev: USAGE: exposing a process: which service is meant\?/m],
    [['--local', '0', ...LAB], 2, /Use\s+a\s+port\s+from\s+1\s+to\s+65535/],
    [['--help'], 0, /^Usage: meshdev expose /m],
  ],
  init: [
    [['--service', 'orders'], 2, /^meshdev: USAGE: describing the service orders/m],
    [['--from', 'no-such-file'], 2, /^meshdev: USAGE: reading the compose file no-such-file/m],
  ],
  config: [
    [['validate'], 2, /^meshdev: CONFIG_INVALID: looking for a configuration/m],
    [['show'], 0, /^domain: mesh\.localhost$/m],
  ],
  images: [
    [['list'], 0, /^(?:cache|engine) /m],
    [['lock'], 0, /\.json/],
  ],
  bundle: [
    [['inspect', 'no-such-file'], 2, /^meshdev: BUNDLE_UNREADABLE: /m],
    [['verify', 'no-bundle'], 3, /^meshdev: BUNDLE_DAMAGED: /m],
  ],
  engine: [[['status'], 0, /^Docker /m]],
  docs: [
    [[], 0, /^ {2}tutorial +follow a request/m],
    [['nowhere'], 2, /^meshdev: USAGE: looking for a page/m],
  ],
  version: [[[], 0, /^meshdev +\d/m]],
  completion: [[['bash'], 0, /complete -F/]],
};

/** A script is for a shell: nobody breaks its lines. */
const SCRIPTS = new Set(['completion']);

let home = '';
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'meshdev-terminal-'));
  await writeFile(join(home, 'no-bundle'), 'this is none');
});
afterAll(() => rm(home, { recursive: true, force: true }));

const run = (columns: number, argv: readonly string[], env = {}): Promise<TerminalEnd> =>
  runInTerminal(process.execPath, [MAIN, ...argv], {
    columns,
    cwd: home,
    env: {
      ...env,
      MESHDEV_IMAGE_SOURCE: 'packages',
      HOME: home,
      XDG_STATE_HOME: join(home, 'state'),
    },
  });

it('no command is left out', () => {
  expect(Object.keys(RUNS)).toEqual(COMMANDS.map(({ name }) => name));
});

describe.for([60, 80, 200])('on %i columns', (columns) => {
  it.for([[], ['--help'], ['help']])('the overview: %j', async (argv) => {
    const end = await run(columns, argv);
    expect(end.text).toMatch(/^Usage: meshdev <command>/m);
    expectCleanScreen(end, columns);
  });

  it.for(COMMANDS.map(({ name }) => name))('%s --help', async (name) => {
    const end = await run(columns, [name, '--help']);
    expect(end.exitCode).toBe(0);
    expect(end.text).toMatch(new RegExp(`^Usage: meshdev ${name}\\b`, 'm'));
    expectCleanScreen(end, columns);
  });

  it.for(Object.entries(RUNS))('%s', async ([name, runs]) => {
    for (const [argv, exitCode, says] of runs) {
      const end = await run(columns, [name, ...argv]);
      expect(end.text).toMatch(says);
      expect(end.exitCode).toBe(exitCode);
      if (!SCRIPTS.has(name)) expectCleanScreen(end, columns);
    }
  });

  it('a command that there is not', async () => {
    for (const argv of [['nonsense'], ['nonsense', '--help'], ['up', '--nonsense'], ['token']]) {
      const end = await run(columns, argv);
      expect(end.exitCode).toBe(2);
      expect(end.text).toMatch(/^meshdev: USAGE: /);
      expectCleanScreen(end, columns);
    }
  });
});

describe('on a terminal that cannot be redrawn', () => {
  it.for([{ TERM: 'dumb' }, { CI: '1' }])('with %j there are lines, and no cursor is moved', async (env) => {
    const end = await run(80, ['check', ...LAB], env);
    expect(end.text).toMatch(/^meshdev: LAB_NOT_UP: /);
    expect(end.raw).not.toContain('\u001B');
  });
});

describe('the first word', () => {
  it('of check comes while it still loads', async () => {
    const end = await run(80, ['check', ...LAB]);
    expect(end.raw).toContain('verifying the trust chain');
    expect(end.text).not.toContain('verifying the trust chain');
  });
});
