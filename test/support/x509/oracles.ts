import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import type { Question } from './ask.ts';
import type { DebianProgram } from '../debian-program.ts';
import { runProgram } from './run-program.ts';

/** What a verifier said to each question: empty when it accepted the chain. */
export type Answers = ReadonlyMap<string, string>;

const GoAnswer = z.strictObject({ id: z.string(), error: z.string() });

/** Go answers all questions in one process. */
export async function askGo(program: string, questions: readonly Question[]): Promise<Answers> {
  const child = spawn(program, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  for (const { presented, anchors, host = '', id, at } of questions) {
    const line = { id, at, host, presented: presented.map(derOf), anchors: anchors.map(derOf) };
    child.stdin.write(`${JSON.stringify(line)}\n`);
  }
  child.stdin.end();
  const lines = (await text(child.stdout)).split('\n').filter((line) => line !== '');
  const [code] = await ended;
  if (code !== 0) throw new Error(`${program} ended with ${String(code)}`);
  return new Map(lines.map((line) => GoAnswer.parse(JSON.parse(line))).map(({ id, error }) => [id, error]));
}

function derOf(pem: string): string {
  return pem.replaceAll(/-----[^-]+-----|\s/g, '');
}

/**
 * OpenSSL by the rules of RFC 5280 where it has a choice, policies included. Leaves below the same certificates
 * are asked about together: a process each would take most of the time.
 */
export async function askOpenssl(questions: readonly Question[]): Promise<Answers> {
  const groups = Map.groupBy(questions, ({ presented, anchors, host, at }) =>
    [host, at, ...presented.slice(1), '|', ...anchors].join('\n'),
  );
  return inFolders([...groups.values()], async (group, folder) => {
    const [{ presented, anchors, host, at } = NOTHING] = group;
    const leaves = await Promise.all(
      group.map((each, place) => write(join(folder, `leaf-${place}.pem`), each.presented.slice(0, 1))),
    );
    const sent =
      presented.length > 1 ? ['-untrusted', await write(join(folder, 'sent'), presented.slice(1))] : [];
    const { output } = await runProgram('openssl', [
      'verify',
      '-x509_strict',
      '-policy_check',
      '-policy',
      'anyPolicy',
      '-purpose',
      'sslserver',
      '-attime',
      String(Math.floor(at / 1000)),
      '-no-CApath',
      '-no-CAstore',
      ...(host === undefined ? [] : [isIP(host) === 0 ? '-verify_hostname' : '-verify_ip', host]),
      '-CAfile',
      await write(join(folder, 'anchors'), anchors),
      ...sent,
      ...leaves,
    ]);
    return group.map(({ id }, place) => [id, opensslAnswer(output, leaves[place] ?? '')]);
  });
}

const NOTHING: Question = { id: '', presented: [], anchors: [], at: 0 };

/** Its words stand between the line of the leaf before and that of this one. */
function opensslAnswer(output: string, leaf: string): string {
  const lines = output.split('\n');
  if (lines.includes(`${leaf}: OK`)) return '';
  const end = lines.findIndex((line) => line.includes(leaf) && line.startsWith('error'));
  const words = lines.slice(0, end).findLast((line) => /^error \d+/.test(line));
  return words ?? `refused: ${output.slice(0, 200)}`;
}

/** GnuTLS, which knows no other time than now. */
export async function askGnutls(certtool: DebianProgram, questions: readonly Question[]): Promise<Answers> {
  const env = certtool.libraries === undefined ? {} : { LD_LIBRARY_PATH: certtool.libraries };
  return inFolders(questions, async ({ id, presented, anchors, host }, folder) => {
    const argv = [
      '--verify',
      '--verify-purpose',
      '1.3.6.1.5.5.7.3.1',
      '--load-ca-certificate',
      await write(join(folder, 'anchors'), anchors),
      '--infile',
      await write(join(folder, 'chain'), presented),
      ...(host === undefined ? [] : ['--verify-hostname', host]),
    ];
    const { code, output } = await runProgram(certtool.program, argv, { env });
    const words = /Chain verification output: (.*)/.exec(output)?.[1] ?? output.trim().split('\n').at(-1);
    return [[id, code === 0 ? '' : (words ?? 'refused')]];
  });
}

/** A folder for each item, as many at a time as there are cores. */
async function inFolders<Item>(
  items: readonly Item[],
  ask: (item: Item, folder: string) => Promise<readonly (readonly [string, string])[]>,
): Promise<Answers> {
  const base = await mkdtemp(join(tmpdir(), 'meshdev-oracle-'));
  const answers: (readonly [string, string])[] = [];
  const queue = items.entries();
  try {
    await Promise.all(
      Array.from({ length: availableParallelism() }, async () => {
        for (const [place, item] of queue) {
          const folder = join(base, String(place));
          await mkdir(folder);
          answers.push(...(await ask(item, folder)));
        }
      }),
    );
  } finally {
    await rm(base, { recursive: true, force: true });
  }
  return new Map(answers);
}

async function write(path: string, pems: readonly string[]): Promise<string> {
  await writeFile(path, pems.join(''));
  return path;
}
