import { CATALOGUE } from '../../checks/catalogue.ts';
import type { AnyCheck } from '../../checks/check.ts';
import { type CheckProgress, runChecks } from '../../checks/run-checks.ts';
import type { CheckReport } from '../../checks/verdict.ts';
import type { LabContext } from '../../lab/lab-context.ts';
import { stoppedCode } from '../../run/interruption.ts';
import { createCollect } from '../../probe/collect.ts';
import { openProbeContext, type ProbeContextOptions } from '../../probe/open-probe-context.ts';
import { createCollectService } from '../../probe/services/collect-service.ts';
import { collectOfLab } from '../../evidence/lab-evidence.ts';
import { sharedCollect } from '../../probe/shared-collect.ts';

export interface ProveOptions extends ProbeContextOptions {
  /** Warnings count as failures. */
  readonly strict?: boolean;
  /** How long each kind of evidence may take; 30 s where it is not said. */
  readonly evidenceMs?: number;
  /** Told at the beginning and after each check. */
  readonly progress?: (progress: CheckProgress) => void;
}

/** Proves the chain of a running lab from the wire. @throws MeshdevError LAB_NOT_UP, ENGINE_NOT_FOUND */
export async function proveChain(
  context: LabContext,
  signal: AbortSignal,
  checks: readonly AnyCheck[] = CATALOGUE,
  options: ProveOptions = {},
): Promise<CheckReport> {
  using probeContext = await openProbeContext(context, signal, options);
  // Services are judged by what is gathered of the lab too: each is gathered once.
  const collect = sharedCollect(createCollect(probeContext, options.evidenceMs));
  const report = await runChecks(checks, {
    lab: context.lab,
    collect: collectOfLab(collect, context.lab.services),
    collectService: createCollectService(probeContext, collect, options.evidenceMs),
    now: () => Date.now(),
    strict: options.strict === true,
    interrupted: () => stoppedCode(signal),
    isOver: () => signal.aborted,
    ...(options.progress === undefined ? {} : { progress: options.progress }),
  });
  return probeContext.asked.length === 0 ? report : { ...report, askedAgain: probeContext.asked };
}
