import { addObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';
import { virtualService } from '../support/virtual-service.ts';

export const fault: FaultInjection = {
  category: 'gateway',
  what: 'a second VirtualService routes the public host',
  names: 'VirtualService apps/second',
  commit: (bench) => addObject(bench, virtualService(bench.lab, 'second', bench.lab.hosts.httpbin)),
  extended: true,
  turns: { 'MD-GW-004': 'fail GW_HOST_TWICE', 'MD-DRIFT-004': 'fail DRIFT_FOREIGN_OBJECT' },
};
