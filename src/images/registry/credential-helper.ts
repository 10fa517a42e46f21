import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import { parseJson } from '../../parse-json.ts';
import type { CommandResult, ProcessRunner } from '../../ports/process-runner.ts';
import type { HelperTrouble } from './failures.ts';

/** Read from where Docker keeps them, held in memory for one run, written nowhere. */
export type Credential =
  | { readonly kind: 'password'; readonly user: string; readonly secret: string }
  /** An identity token of `docker login`: exchanged for an access token. */
  | { readonly kind: 'refresh'; readonly secret: string };

/** How Docker's helpers are asked here. */
export interface Helpers {
  readonly runner: ProcessRunner;
  /** All of the user's own: helpers reach keyrings, agents and clouds by it, as they do when docker runs them. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Told once of each helper that could not be asked. */
  readonly say: (line: string) => void;
  readonly patienceMs?: number;
}

/** Neither: the helper knows nothing of the key. */
export interface HelperAnswer {
  readonly credential?: Credential;
  /** Why it gave no answer. */
  readonly because?: string;
}

const Helped = z.object({ Username: z.string(), Secret: z.string() });

/** A keyring may ask its user; nobody waits for longer before a pull. */
const PATIENCE_MS = 10_000;

/** In the words that all helpers share, with a non-zero exit. */
const NOT_FOUND = /credentials not found/i;

/** Asks for one key, on stdin. What comes back on stdout with exit 0 is secret, and in no message. */
export async function askHelper(
  helpers: Helpers,
  helper: string,
  key: string,
  signal: AbortSignal,
): Promise<HelperAnswer> {
  const ended = await runHelper(helpers, `docker-credential-${helper}`, key, signal);
  if ('because' in ended) return ended;
  const { exitCode, stdout, stderr } = ended;
  if (exitCode !== 0) {
    const told = (stderr.trim() || stdout.trim()).split('\n')[0]?.slice(0, 200) ?? '';
    if (NOT_FOUND.test(`${stdout}\n${stderr}`)) return {};
    return { because: `it exited with code ${exitCode}${told === '' ? '' : `: ${told}`}` };
  }
  const answer = Helped.safeParse(parseJson(stdout)).data;
  if (answer === undefined) return { because: 'its output cannot be parsed' };
  if (answer.Secret === '') return {};
  // The docker client marks identity tokens with this name.
  if (answer.Username === '<token>') return { credential: { kind: 'refresh', secret: answer.Secret } };
  return { credential: { kind: 'password', user: answer.Username, secret: answer.Secret } };
}

async function runHelper(
  { runner, env, patienceMs = PATIENCE_MS }: Helpers,
  program: string,
  key: string,
  signal: AbortSignal,
): Promise<CommandResult | { readonly because: string }> {
  const hung = { because: `it did not answer within ${patienceMs / 1000} s` };
  const own = Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  const options = { stdin: key, env: own, allowFailure: true, timeoutMs: patienceMs, signal };
  const over = new AbortController();
  try {
    // A child of the helper may hold its streams open for longer than the helper lives.
    return await Promise.race([
      runner.run(program, ['get'], options),
      sleep(patienceMs, hung, { signal: over.signal, ref: false }),
    ]);
  } catch (error) {
    if (!(error instanceof MeshdevError)) throw error;
    if (error.code === 'TIMED_OUT') return hung;
    if (error.code === 'TOOL_MISSING') return { because: 'it is not on PATH' };
    if (error.code === 'COMMAND_FAILED') return { because: 'it could not be started' };
    throw error;
  } finally {
    over.abort();
  }
}

export interface NamedHelper {
  /** The file of Docker that names it. */
  readonly path: string;
  readonly key: string;
  readonly helper: string;
  readonly because: string;
}

/** Pure. */
export function helperTrouble({ path, key, helper, because }: NamedHelper): HelperTrouble {
  const program = `docker-credential-${helper}`;
  return {
    seen: `${path} configures the credential helper ${program} for ${key}, and ${because}`,
    // Shows what is wrong with it, and not what it knows.
    remedy: `echo ${key} | ${program} get > /dev/null`,
  };
}
