import { join } from 'node:path';
import { z } from 'zod';
import { type Environment, exited, runProgram } from './e2e-program.ts';

const BENCH = join(import.meta.dirname, '..', 'bench');
const POSITIVE = z.number().positive();

const MEMORY = z.object({ edge: POSITIVE, gateway: POSITIVE, sidecar: POSITIVE });
const phases = z.array(z.object({ phase: z.string(), wall: z.number() })).min(1);
const way = z.object({ phases, total: z.object({ wall: POSITIVE }) });
const summary = z.object({ median: POSITIVE });

/** What one round of each benchmark has to have measured. */
const DOCUMENTS = {
  help: z.object({ kind: z.literal('HelpBench'), pairs: z.literal(1), emptyMs: summary, helpMs: summary }),
  up: z.object({
    kind: z.literal('UpBench'),
    pairs: z
      .array(z.object({ meshdev: way.extend({ toFirstRequest: POSITIVE, checks: POSITIVE }), naive: way }))
      .length(1),
  }),
  services: z.object({
    kind: z.literal('ServicesBench'),
    measured: z.array(z.object({ services: z.literal(1), phases })).length(1),
  }),
  streams: z.object({
    kind: z.literal('StreamsBench'),
    watched: z.tuple([
      z.object({
        what: z.literal('upload'),
        bytes: z.literal(5 * 1024 * 1024),
        before: MEMORY,
        most: MEMORY,
      }),
      z.object({ what: z.literal('stream'), bytes: POSITIVE, before: MEMORY, most: MEMORY }),
    ]),
  }),
  check: z.object({
    kind: z.literal('CheckBench'),
    phases,
    proofs: z.array(POSITIVE).min(1),
    evidence: z.array(z.record(z.string(), z.number().nonnegative())).length(1),
  }),
};

const ONE_ROUND: Readonly<Record<keyof typeof DOCUMENTS, readonly string[]>> = {
  help: ['--repeat', '1'],
  up: ['--repeat', '1'],
  // That it measures is seen of one hop as of all.
  check: ['--repeat', '1', '--select', 'jwt'],
  services: ['--repeat', '1', '--counts', '1'],
  streams: ['--megabytes', '5', '--minutes', '0.05'],
};

/**
 * One round of a benchmark: it runs and measures what it says it does. The figures themselves are judged
 * where the machine does nothing else.
 * @returns what its document lacks
 */
export async function runBenchOnce(
  name: keyof typeof DOCUMENTS,
  env: Environment,
  more: readonly string[] = [],
): Promise<readonly string[]> {
  const argv = [join(BENCH, `${name}.ts`), ...ONE_ROUND[name], '--output', 'json', ...more];
  const ended = await runProgram(process.execPath, argv, { env });
  // With figures, 1 is a limit of time that did not hold.
  const isSlow = name === 'help' && ended.exitCode === 1 && ended.stdout !== '';
  const { stdout } = isSlow ? ended : exited(ended, 0);
  return problemsOf(DOCUMENTS[name].safeParse(JSON.parse(stdout)));
}

function problemsOf({ error }: { readonly error?: z.ZodError | undefined }): readonly string[] {
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}
