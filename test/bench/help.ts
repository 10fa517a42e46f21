import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { benchOptions, MESHDEV, ROOT } from './support/bench.ts';
import { inWords, summarise } from './support/statistics.ts';

// `meshdev --help` beside an empty program on the same Node.js, in pairs: what a person waits for at the
// prompt. Limit: 1.5 times.

const LIMIT = 1.5;

/** The Node.js that the launcher picks in this checkout. */
function launcherNode(): string {
  const brought = ['x64', 'arm64'].map((arch) => join(ROOT, `node_modules/node-linux-${arch}/bin/node`));
  return brought.find((path) => existsSync(path)) ?? 'node';
}

/** Milliseconds until the program has ended. */
function timed(program: string, argv: readonly string[]): number {
  const started = performance.now();
  const { status } = spawnSync(program, argv, { stdio: 'ignore' });
  if (status !== 0) throw new Error(`${program} ${argv.join(' ')} ended with ${status}`);
  return performance.now() - started;
}

const { repeat, json } = benchOptions(20);
const node = launcherNode();
// The first run of a fresh checkout builds; neither side pays for a cold page cache.
timed(MESHDEV, ['--help']);
timed(node, ['-e', '0']);

const pairs = Array.from({ length: repeat }, () => {
  const empty = timed(node, ['-e', '0']);
  const help = timed(MESHDEV, ['--help']);
  return { empty, help, ratio: help / empty };
});
const ratio = summarise(pairs.map((pair) => pair.ratio));
const result = {
  schemaVersion: '1',
  kind: 'HelpBench',
  pairs: repeat,
  emptyMs: summarise(pairs.map((pair) => pair.empty)),
  helpMs: summarise(pairs.map((pair) => pair.help)),
  ratio,
  limit: LIMIT,
  holds: ratio.median <= LIMIT,
};
process.stdout.write(
  json
    ? `${JSON.stringify(result, null, 2)}\n`
    : `node -e 0        ${inWords(result.emptyMs, 1)} ms
meshdev --help   ${inWords(result.helpMs, 1)} ms
ratio            ${inWords(ratio, 2)} of ${repeat} pairs, limit ${LIMIT}: ${result.holds ? 'holds' : 'BROKEN'}\n`,
);
process.exitCode = result.holds ? 0 : 1;
