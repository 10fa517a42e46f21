import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import type { Home } from './e2e-home.ts';
import { kubectl, LAB, NAMED, parseCheckReport, UP } from './e2e-lab.ts';
import { expectTheVerdictsOfEveryLab } from './e2e-verdicts.ts';
import { notGreenIn } from './not-green.ts';
import { expectCleanScreen } from './screen-rules.ts';
import { CTRL_C } from './terminal.ts';

const COUNTER = /verifying the trust chain {3}\d+ of \d+ checks judged/;
const Stopped = z.object({ interrupted: z.literal(true), summary: z.object({ exitCode: z.literal(130) }) });

/** What a person sees on a terminal while the lab is up; the lab is as before when all of it has passed. */
export function tellTerminalStory(home: () => Home): void {
  it('a second up shows how far the proof is, and ends with the report alone', async () => {
    const run = home().terminal(80, UP);
    await run.shows(COUNTER);
    const end = await run.ended;
    expect(end.exitCode).toBe(0);
    expect(end.text).toMatch(/^meshdev up {6}lab \S+ {3}0 changed, 11 kept/m);
    expect(end.text).not.toContain('verifying the trust chain');
    expectCleanScreen(end, 80);
  });

  it('an up that repairs lists what it does and how long it took', async () => {
    await kubectl('-n', 'istio-system', 'delete', 'peerauthentication', 'default');
    const run = home().terminal(60, [...UP, '--no-check']);
    const end = await run.ended;
    expect(end.exitCode).toBe(0);
    expect(end.text).toMatch(/^✔ update {3}routes and policies \(\d+\.\d s\): \S/m);
    expect(end.text).toMatch(/^meshdev up {6}lab \S+ {3}1 changed, 10 kept/m);
    expect(end.text.match(/routes and policies/g)).toHaveLength(1);
    expectCleanScreen(end, 60);
  });

  it('check counts on the terminal, and its report alone is in the file', async () => {
    const run = home().shell(80, `meshdev check ${NAMED.join(' ')} -o json >report.json`);
    await run.shows(COUNTER);
    const end = await run.ended;
    // The file first: it says what was not green, and must not be left behind.
    const report = await written(home(), 'report.json');
    const seen = parseCheckReport(report);
    const { exitCode } = seen.summary;
    expect({ exitCode, notGreen: exitCode === 0 ? [] : notGreenIn(report) }).toEqual({
      exitCode: 0,
      notGreen: [],
    });
    expect(end.exitCode).toBe(0);
    expect(end.text).toBe('');
    expectCleanScreen(end, 80);
    await expectTheVerdictsOfEveryLab(seen);
  });

  it.for([60, 120, 200])('check prints no line that is wider than %i columns', async (columns) => {
    const end = await home().terminal(columns, ['check', ...NAMED, 'edge', '--verbose']).ended;
    expect(end.exitCode).toBe(0);
    expect(end.text).toMatch(/ {3}exit 0$/);
    expectCleanScreen(end, columns);
  });

  it('Ctrl-C in check: one exit code and a few lines', async () => {
    const run = home().terminal(80, ['check', ...NAMED]);
    await run.shows(COUNTER);
    run.type(CTRL_C);
    const end = await run.ended;
    expect(end.exitCode).toBe(130);
    expect(end.rows.length).toBeLessThan(15);
    expect(end.text).toMatch(
      /^interrupted after \d+\.\d s: \d+ of \d+ checks were judged, 0 fail {3}exit 130$/m,
    );
    expect(end.text.match(/exit \d+/g)).toEqual(['exit 130']);
    expectCleanScreen(end, 80);
    const left = await readdir(join(home().stateDir, 'labs', LAB.name));
    expect(left.filter((name) => name.startsWith('clients-'))).toEqual([]);
  });

  it('Ctrl-C in check -o json: one document, with the code of the process', async () => {
    const run = home().shell(80, `exec meshdev check ${NAMED.join(' ')} -o json >stopped.json`);
    await run.shows(COUNTER);
    run.type(CTRL_C);
    expect((await run.ended).exitCode).toBe(130);
    const { summary } = Stopped.parse(JSON.parse(await written(home(), 'stopped.json')));
    expect(summary.exitCode).toBe(130);
  });

  it('a second Ctrl-C ends it at once, and the cursor is back', async () => {
    const run = home().terminal(80, ['check', ...NAMED]);
    await run.shows(COUNTER);
    run.type(CTRL_C + CTRL_C);
    const end = await run.ended;
    expect(end.exitCode).toBe(130);
    expectCleanScreen(end, 80);
  });

  it('Ctrl-C in the proof of an up says what there is and what was not proved', async () => {
    const run = home().terminal(80, UP);
    await run.shows(COUNTER);
    run.type(CTRL_C);
    const end = await run.ended;
    expect(end.exitCode).toBe(130);
    expect(end.rows.length).toBeLessThan(15);
    expect(end.text.replaceAll(/\s+/g, ' ')).toContain('exist, but its trust chain was not verified');
    expect(end.text).toContain(`run    meshdev up --name ${LAB.name}`);
    expectCleanScreen(end, 80);
  });
}

/** What a shell wrote into the user's home, which is as it was before after this. */
async function written(home: Home, name: string): Promise<string> {
  const path = join(home.path, 'home', name);
  const text = await readFile(path, 'utf8');
  await rm(path);
  return text;
}
