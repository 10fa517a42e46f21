import type { FindingKind } from './finding.ts';
import { ENGINE_FINDINGS } from './judges/engine.ts';
import { LAB_FINDINGS } from './judges/labs.ts';
import { MACHINE_FINDINGS } from './judges/machine.ts';
import { NAME_FINDINGS } from './judges/names.ts';
import { NETWORK_FINDINGS } from './judges/network.ts';
import { RESOURCE_FINDINGS } from './judges/resources.ts';

/** Everything that `doctor` looks at, in the order of its report. */
export const FINDINGS: readonly FindingKind[] = [
  ...ENGINE_FINDINGS,
  ...RESOURCE_FINDINGS,
  ...NETWORK_FINDINGS,
  ...NAME_FINDINGS,
  ...MACHINE_FINDINGS,
  ...LAB_FINDINGS,
];
