import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../src/cli/command-list.ts';
import { buildTree } from '../../../src/cli/command-tree.ts';
import { completionScript } from '../../../src/cli/completion.ts';
import { type DebianProgram, debianProgram } from '../../support/debian-program.ts';
import { type Environment, must } from '../../support/e2e-program.ts';
import { openTerminal } from '../../support/terminal.ts';

const tree = await buildTree(COMMANDS, () => async () => {}, { out: () => {}, err: () => {} });
let home = '';

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'meshdev-shells-'));
  for (const lab of ['blue', 'green'])
    await mkdir(join(home, 'state', 'meshdev', 'labs', lab), { recursive: true });
  await writeFile(join(home, 'my lab.yaml'), '');
  await writeFile(join(home, 'my.bundle'), '');
  for (const shell of ['zsh', 'fish'] as const)
    await writeFile(join(home, `meshdev.${shell}`), completionScript(tree, shell));
});
afterAll(() => rm(home, { recursive: true, force: true }));

const env = ({ libraries }: DebianProgram): Environment => ({
  HOME: home,
  ZDOTDIR: home,
  XDG_STATE_HOME: join(home, 'state'),
  XDG_CONFIG_HOME: home,
  LD_LIBRARY_PATH: libraries,
});

describe('completion in fish', () => {
  let fish: DebianProgram;
  beforeAll(async () => {
    fish = await debianProgram('fish');
  });

  async function offered(line: string): Promise<readonly string[]> {
    const functions =
      fish.root === undefined ? '' : `set fish_function_path ${fish.root}/usr/share/fish/functions; `;
    const script = `${functions}begin; source meshdev.fish; complete -C '${line}'; end 2>&1`;
    const argv = ['--no-config', '-c', script];
    const printed = await must(fish.program, argv, { cwd: home, env: env(fish) });
    return printed.split('\n').filter((word) => word !== '');
  }

  it.each([
    ['meshdev che', ['check']],
    ['meshdev engine s', ['start', 'status', 'stop']],
    ['meshdev engine start --y', ['--yes']],
    ['meshdev check MD-EGW-011 --li', ['--list']],
    ['meshdev check -o j', ['json', 'junit']],
    ['meshdev up --name ', ['blue', 'green']],
    ['meshdev up --image-source ', ['bundle', 'packages', 'registry']],
    ['meshdev up --domain ', []],
    ['meshdev up --config my', ['my lab.yaml', 'my.bundle']],
    ['meshdev bundle verify my.', ['my.bundle']],
    ['meshdev token ', ['alice', 'bob', 'eve', 'meshdev-ci']],
    ['meshdev check jwt edge-', ['edge->gateway', 'edge->idp']],
    ['meshdev explain XF', ['XFCC']],
    ['meshdev docs tut', ['tutorial']],
    ['meshdev help che', ['check']],
    ['meshdev status ', []],
  ] as const)('%j: %j', async (line, wanted) => {
    expect(await offered(line)).toEqual(wanted);
  });
});

describe('completion in zsh', () => {
  let zsh: DebianProgram;
  beforeAll(async () => {
    zsh = await debianProgram('zsh');
    await writeFile(join(home, '.zshenv'), zsh.root === undefined ? '' : placesBelow(zsh.root));
    await writeFile(
      join(home, '.zshrc'),
      'PS1="> "\nautoload -U compinit && compinit -u -D\nsource ./meshdev.zsh\nprint ready\n',
    );
  });

  /** Of a zsh that is not where it was built for. */
  function placesBelow(root: string): string {
    const places = { module_path: 'lib/*/zsh/<->.<->', fpath: 'share/zsh/functions/**/*' };
    return Object.entries(places)
      .map(([name, below]) => `${name}=("${root}"/usr/${below}(/N))\n`)
      .join('');
  }

  /** What the line becomes when a person presses Tab, and what zsh lists below it. */
  async function afterTab(line: string, shows: RegExp): Promise<void> {
    await using run = openTerminal(zsh.program, ['-d', '-i'], { cwd: home, env: env(zsh) });
    await run.shows(/^ready\n> ?$/m);
    run.type(`${line}\t`);
    await run.shows(shows);
  }

  it.each([
    ['meshdev che', /^> meshdev check ?$/m],
    ['meshdev engine st', /^start +status +stop$/m],
    ['meshdev up --htt', /^> meshdev up --https-port ?$/m],
    ['meshdev up --name ', /^blue +green$/m],
    ['meshdev token ', /^alice +bob +eve +meshdev-ci$/m],
    ['meshdev check edge-', /^> meshdev check edge-\\>$/m],
    ['meshdev explain XF', /^> meshdev explain XFCC ?$/m],
    ['meshdev bundle verify my.', /^> meshdev bundle verify my\.bundle ?$/m],
  ] as const)(
    '%j',
    async (line, shows) => {
      await expect(afterTab(line, shows)).resolves.toBeUndefined();
    },
    30_000,
  );
});
