import { addObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';
import { virtualService } from '../support/virtual-service.ts';

export const fault: FaultInjection = {
  category: 'gateway',
  what: 'a VirtualService takes every host of the zone',
  names: 'VirtualService apps/any',
  commit: (bench) => addObject(bench, virtualService(bench.lab, 'any', `*.${bench.lab.domain}`)),
  turns: { 'MD-GW-004': 'fail GW_WILDCARD_HOST', 'MD-DRIFT-004': 'fail DRIFT_FOREIGN_OBJECT' },
};
