import { mkdir, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Question } from './ask.ts';
import { goRun } from './oracle-programs.ts';
import { testCache } from '../test-cache.ts';

/**
 * Netflix’s BetterTLS: path building, and name constraints × names. Its generator is a Go module, which the Go
 * proxy has; its chains are made on this machine, and kept here only.
 */
const MODULE = 'github.com/Netflix/bettertls';
const VERSION = 'v0.0.0-20250909192348-e1e99e353074';
const SUM = 'h1:6edB5YkmH3zL98Z+6azXv8pI81UlKpr3ORpeEHopXLs=';

const Case = z.object({
  id: z.number(),
  certificates: z.array(z.string()),
  hostname: z.string(),
  expected: z.enum(['ACCEPT', 'REJECT']),
  failureIsWarning: z.boolean(),
});
const Suites = z.object({
  trustRoot: z.string(),
  suites: z.record(z.string(), z.object({ testCases: z.array(Case) })),
});

export interface BetterCase {
  readonly question: Question;
  readonly good: boolean;
  /** BetterTLS allows either answer. */
  readonly either: boolean;
}

/** @throws Error when neither the cache nor the Go proxy has it */
export async function betterTls(suite: 'pathbuilding' | 'nameconstraints'): Promise<readonly BetterCase[]> {
  const { trustRoot, suites } = Suites.parse(JSON.parse(await readFile(await exported(), 'utf8')));
  const cases = suites[suite]?.testCases ?? [];
  return cases.map(({ id, certificates, hostname, expected, failureIsWarning }) => ({
    question: {
      id: `${suite} ${id}`,
      presented: certificates.map(pemOf),
      anchors: [pemOf(trustRoot)],
      host: hostname,
      at: Date.now(),
    },
    good: expected === 'ACCEPT',
    either: failureIsWarning,
  }));
}

const MONTH_MS = 30 * 86_400_000;

/** Its certificates end after a year: a month is far from that. */
async function exported(): Promise<string> {
  const folder = testCache('bettertls');
  const file = join(folder, `${VERSION}.json`);
  const made = await stat(file).catch(() => undefined);
  if (made !== undefined && Date.now() - made.mtimeMs < MONTH_MS) return file;
  await mkdir(folder, { recursive: true });
  const module = Module.parse(
    JSON.parse(await goRun(['mod', 'download', '-json', `${MODULE}@${VERSION}`], folder)),
  );
  if (module.Sum !== SUM)
    throw new Error(`${MODULE} ${VERSION} has the checksum ${module.Sum}, wanted ${SUM}`);
  await goRun(['run', './test-suites/cmd/bettertls', 'export-tests', '--out', `${file}.new`], module.Dir);
  await rename(`${file}.new`, file);
  return file;
}

const Module = z.object({ Dir: z.string(), Sum: z.string() });

/** @param der base64 */
function pemOf(der: string): string {
  return `-----BEGIN CERTIFICATE-----\n${der.replaceAll(/.{64}(?=.)/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
}
