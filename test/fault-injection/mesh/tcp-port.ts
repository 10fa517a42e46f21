import { patchObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

export const fault: FaultInjection = {
  category: 'mesh',
  what: 'the port of a service is declared as TCP',
  names: 'Service backend/ledger',
  commit: (bench) =>
    patchObject(bench, { kind: 'service', namespace: 'backend', name: 'ledger' }, [
      ['replace', '/spec/ports/0/name', 'tcp-http'],
      ['replace', '/spec/ports/0/appProtocol', 'tcp'],
    ]),
  extended: true,
  turns: {
    'MD-WRK-003': 'fail WRK_NOT_HTTP',
    'MD-MESH-017': 'fail MESH_PEER_REFUSED',
    'MD-DRIFT-001': 'fail DRIFT_OBJECTS',
  },
};
