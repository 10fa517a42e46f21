import type { CollectService } from '../../evidence/service-evidence.ts';
import type { ProbeContext } from '../../probe/probe-context.ts';

/** Makes what gathers evidence about services for one run. */
export type ServiceProbes = (probeContext: ProbeContext, evidenceMs?: number) => CollectService;

/** What every proof gathers evidence about services with; undefined: it judges the lab alone. */
export const SERVICE_PROBES: ServiceProbes | undefined = undefined;
