import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ownServices } from '../../../src/topology/service.ts';
import type { Bench } from './bench.ts';
import { forgetTokens } from './cluster.ts';
import { afterwards, type Beside, mayTurnOf } from './judge-faults.ts';
import type { FaultModule } from './modules.ts';
import type { Result } from './results.ts';
import { settle, type Settled, untilGreen } from './settle.ts';

export interface Oracle {
  readonly beside: Beside;
  /** Names of what a healthy lab skips. */
  readonly skipped: ReadonlySet<string>;
}

/** Where the settled report of each module is kept, for whoever judges reports; nowhere when it is not set. */
const REPORTS = process.env['MESHDEV_SABOTAGE_REPORTS'];

/** Breaks it, judges it, puts it back. @returns what became of it; `wrong` is empty where all was as named */
export async function tryModule(bench: Bench, module: FaultModule, oracle: Oracle): Promise<Result> {
  const began = performance.now();
  const { settled, wrong } = await breakAndRestore(bench, module, oracle);
  if (REPORTS !== undefined) await keepReport(REPORTS, module, settled);
  return {
    ...resultOf(module, settled),
    isRight: wrong.length === 0,
    wrong: [...wrong],
    seconds: (performance.now() - began) / 1000,
  };
}

/** `mesh/no-injection` is `mesh__no-injection.json`. */
async function keepReport(dir: string, { name }: FaultModule, { report }: Settled): Promise<void> {
  await mkdir(dir, { recursive: true });
  await writeFile(
    join(dir, `${name.replace(/\.ts$/, '').replaceAll('/', '__')}.json`),
    JSON.stringify({ module: name, report }),
  );
}

async function breakAndRestore(
  bench: Bench,
  { fault }: FaultModule,
  oracle: Oracle,
): Promise<{ readonly settled: Settled; readonly wrong: readonly string[] }> {
  const restore = await fault.commit(bench);
  let settled: Settled;
  try {
    settled = await settle(bench, fault, oracle);
  } finally {
    await restore();
    if (fault.logsTokens === true) await forgetTokens(bench);
  }
  const { judgement, report, isSettled } = settled;
  const onlyWarns = Object.values(fault.turns).every((turned) => turned.startsWith('warn'));
  const left = await untilGreen(bench, afterwards(fault, ownServices(bench.lab))).then(
    () => [],
    (error: unknown) => [`it was put back: ${String(error)}`],
  );
  return {
    settled,
    wrong: [
      ...judgement.missing,
      ...judgement.surplus.map((one) => `${one} was not named`),
      ...(isSettled ? [] : ['the last two reports still differed']),
      ...((report.summary.exitCode === 0) === onlyWarns ? [] : [`exit ${report.summary.exitCode}`]),
      ...left,
    ],
  };
}

function resultOf({ name, digest, fault }: FaultModule, { judgement, ...seen }: Settled) {
  return {
    name,
    digest,
    category: fault.category,
    what: fault.what,
    turned: [...judgement.turned],
    transient: [...seen.transient],
    mayTurn: [...mayTurnOf(fault)],
    mayTurnSeen: [...judgement.mayTurnSeen],
    reports: seen.reports,
  };
}
