import { z } from 'zod';
import { waitUntil } from '../../src/run/wait-until.ts';
import { createLab, type Lab } from '../../src/topology/lab.ts';
import type { Home } from './e2e-home.ts';
import { must } from './e2e-program.ts';

/** Of the worker that runs this file, from 1 on: files run side by side. */
const WORKER = Number(process.env['VITEST_POOL_ID'] ?? 1);

/** The lab of these tests; a port in the issuer is the harder path than 443. */
export const LAB: Lab = createLab({
  name: `e2e-${WORKER}`,
  domain: 'mesh.localhost',
  httpsPort: 8442 + WORKER,
});
export const NAMED = ['--name', LAB.name] as const;
/**
 * Without `--yes`: engine and images are there, so nothing needs consent. Were the engine to go away in
 * the middle of a run, a test must not start another one whose files are in a home that is removed.
 */
export const UP = ['up', ...NAMED, '--https-port', String(LAB.httpsPort)] as const;

const Verdict = z.enum(['pass', 'warn', 'fail', 'unknown', 'skip']);

const CheckReport = z.object({
  schemaVersion: z.literal('1'),
  kind: z.literal('CheckReport'),
  lab: z.string().startsWith('e2e-'),
  summary: z.object({ pass: z.number(), fail: z.number(), unknown: z.number(), exitCode: z.number() }),
  checks: z.array(
    z.object({
      id: z.string(),
      case: z.string().nullable(),
      hop: z.string(),
      polarity: z.enum(['positive', 'negative']),
      verdict: Verdict,
      code: z.string().nullable(),
      message: z.string().nullable(),
    }),
  ),
});

export type SeenReport = z.infer<typeof CheckReport>;

const Unproved = z.object({
  schemaVersion: z.literal('1'),
  kind: z.literal('UpReport'),
  durationMs: z.number(),
  steps: z.array(
    z.object({ id: z.string(), action: z.string(), because: z.string().min(1), state: z.string() }),
  ),
  check: z.null(),
});
const UpReport = Unproved.extend({ check: CheckReport });

export type SeenSteps = z.infer<typeof Unproved>['steps'];

/** What `-o json` printed, read as strictly as a program that depends on it would. */
export const parseCheckReport = (stdout: string): SeenReport => CheckReport.parse(JSON.parse(stdout));
export const parseUpReport = (stdout: string): z.infer<typeof UpReport> => UpReport.parse(JSON.parse(stdout));
/** Of `up --no-check`. */
export const parseUnproved = (stdout: string): z.infer<typeof Unproved> => Unproved.parse(JSON.parse(stdout));

/** Ids of the checks with this verdict in one of their cases. */
export function idsOf(report: SeenReport, kind: z.infer<typeof Verdict>): readonly string[] {
  const own = report.checks.filter(({ verdict }) => verdict === kind);
  return [...new Set(own.map(({ id }) => id))];
}

/** kubectl of the node itself: what a person would use to break the lab, and nothing of meshdev's. */
export function kubectl(...argv: readonly string[]): Promise<string> {
  const inNode = ['kubectl', '--kubeconfig', '/etc/kubernetes/admin.conf'];
  return must('docker', ['exec', LAB.cluster.node, ...inNode, ...argv]);
}

/** Asks these checks until their report is as wanted: what was just changed takes a moment to reach the proxies. */
export function checkUntil(
  home: Home,
  ids: readonly string[],
  missing: (report: SeenReport, exitCode: number) => string | undefined,
): Promise<SeenReport> {
  return waitUntil(
    async () => {
      const { exitCode, stdout } = await home.meshdev(['check', ...NAMED, ...ids, '-o', 'json']);
      const report = parseCheckReport(stdout);
      const seen = missing(report, exitCode);
      return seen === undefined ? { done: report } : { seen };
    },
    { what: `check to name ${ids.join(', ')}`, timeoutMs: 60_000, signal: AbortSignal.timeout(180_000) },
  );
}
