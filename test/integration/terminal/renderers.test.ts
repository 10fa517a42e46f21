import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { colours, expectCleanScreen } from '../../support/screen-rules.ts';
import { CTRL_C, openTerminal, runInTerminal, type TerminalOptions } from '../../support/terminal.ts';

const play = (name: string): string => join(import.meta.dirname, '../../support/screens', `${name}.ts`);

const every = [
  ...[60, 80, 120, 200].map((columns) => ({ columns, how: 'with colour', env: {} })),
  { columns: 80, how: 'without colour', env: { NO_COLOR: '1' } },
];

const start = (name: string, argv: readonly string[], options: TerminalOptions = {}) =>
  openTerminal(process.execPath, [play(name), ...argv], options);

describe.for(every)('on $columns columns $how', ({ columns, how, env }) => {
  const run = (name: string, ...argv: readonly string[]) =>
    runInTerminal(process.execPath, [play(name), ...argv], { columns, env });

  it.for(['good', 'bad'])('the steps of a run that ends %s', async (kind) => {
    const end = await run('play-steps', kind);
    expectCleanScreen(end, columns);
    expect(colours(end).length > 0).toBe(how === 'with colour');
    await expect(`${end.rows.join('\n')}\n`).toMatchFileSnapshot(`screens/steps-${kind}-${columns}.txt`);
  });

  it('the progress of a proof leaves nothing behind', async () => {
    const end = await run('play-proof');
    expectCleanScreen(end, columns);
    expect(end.rows).toEqual(['155 checks   exit 0']);
  });
});

describe('while it goes on', () => {
  it('a step waits, spins with its progress, and ends with its own duration', async () => {
    const run = start('play-steps', ['good', 'watched'], { columns: 80 });
    await run.shows(/container network/);
    run.type('n');
    await run.shows(/^[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] create {3}container network/m);
    run.type('n');
    const { text } = await run.shows(/waiting for the node to be ready/);
    expect(text).toMatch(/^✔ create {3}container network \(0\.3 s\): no network meshdev-demo$/m);
    expect(text).toMatch(/^[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] replace {2}cluster \(kind\): /m);
    expect(text).toMatch(/^[^⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏✔] update {3}gateway and sample workloads: /m);
    run.type('n');
    await run.shows(/^[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] update/m);
    run.type('n');
    await run.ended;
  });

  it('a proof counts, says what is open, and seconds pass', async () => {
    const run = start('play-proof', ['watched'], { columns: 80 });
    for (const count of [0, 30, 60, 90]) {
      await run.shows(new RegExp(`^. verifying the trust chain {3}${count} of 155 checks judged`, 'm'));
      await run.shows(/remaining: client -> edge 24, gateway -> sidecar 47, istiod -> idp 6/);
      if (count === 60) await run.shows(/60 of 155 checks judged {3}[1-9]\d* s$/m);
      run.type('n');
    }
    expect((await run.ended).exitCode).toBe(0);
  });

  it('Ctrl-C is answered below what is drawn', async () => {
    const run = start('play-proof', ['stays'], { columns: 60 });
    await run.shows(/90 of 155/);
    run.type(CTRL_C);
    const { rows } = await run.shows(/stopping on SIGINT/);
    expect(rows.filter((row) => row.includes('verifying the trust chain'))).toHaveLength(1);
    expect(rows.at(-1)).toMatch(/meshdev: stopping on SIGINT; a second signal stops now$/);
    run.type(CTRL_C);
    expect((await run.ended).exitCode).toBe(130);
  });

  it('a terminal that becomes narrower is drawn anew', async () => {
    const run = start('play-proof', ['watched'], { columns: 120 });
    await run.shows(/0 of 155/);
    run.resize(60, 24);
    for (const count of [30, 60, 90]) {
      run.type('n');
      await run.shows(new RegExp(`${count} of 155`));
    }
    run.type('n');
    expect((await run.ended).rows.at(-1)).toBe('155 checks   exit 0');
  });
});

describe.for(every.filter(({ columns }) => columns !== 120))(
  'the question before a change, on $columns columns $how',
  ({ columns, env }) => {
    it.for([
      ['y\r', 0, /^✔ Make these changes\? Yes\nyes$/m],
      ['\r', 2, /^✔ Make these changes\? No\nno$/m],
      [CTRL_C, 130, /^meshdev: INTERRUPTED: the prompt was cancelled$/m],
    ] as const)('is answered with %j: exit %i', async ([keys, exitCode, shown]) => {
      const run = start('play-consent', [], { columns, env });
      const { text } = await run.shows(/Make these changes\? \(y\/N\)/);
      expect(text).toMatch(/^These changes need your consent:\n {2}- install the Debian packages/m);
      run.type(keys);
      const end = await run.ended;
      expect(end.text).toMatch(shown);
      expect(end.exitCode).toBe(exitCode);
      expectCleanScreen(end, columns);
    });

    it('ends with the time that --timeout gave', async () => {
      const end = await start('play-consent', ['800'], { columns, env }).ended;
      expect(end.text).toContain('Make these changes? (y/N)');
      expect(end.text.replaceAll(/\s+/g, ' ')).toContain(
        'meshdev: TIMED_OUT: the deadline of --timeout passed: the prompt was cancelled',
      );
      expect(end.exitCode).toBe(6);
      expectCleanScreen(end, columns);
    });
  },
);
