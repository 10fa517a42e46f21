import { keySpecs } from '../../../src/keys/key-specs.ts';
import { readPair } from '../../../src/keys/key-store.ts';
import { EDGE_FILES } from '../../../src/edge/edge-files.ts';
import { changeCaddyfile } from '../support/caddy.ts';
import { days, putIntoEdge } from '../support/edge-certificate.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

const CERTIFICATE = '/data/sabotage-client.crt';
const KEY = '/data/sabotage-client.key';

/** Whoever stood between edge and gateway would have to show one like it: same name, same CA, other key. */
export const fault: FaultInjection = {
  category: 'certificates',
  what: 'the gateway is shown another certificate with the edge’s name',
  names: /Caddy/,
  commit: async (bench) => {
    const { authority, keyStore } = bench.context;
    const spec = keySpecs(bench.lab)['edge-client'].certificate;
    const issuer = await readPair(keyStore, 'mesh-root');
    const other = await authority.issue({ spec, validity: days(-1, 1), issuer });
    await putIntoEdge(bench, CERTIFICATE, other.certificatePem);
    await putIntoEdge(bench, KEY, other.keyPem);
    const restore = await changeCaddyfile(bench, (caddyfile) =>
      caddyfile.replace(`${EDGE_FILES.client} ${EDGE_FILES.clientKey}`, `${CERTIFICATE} ${KEY}`),
    );
    return async () => {
      await restore();
      await bench.docker(['exec', '-u', '0', bench.lab.containers.edge, 'rm', '-f', CERTIFICATE, KEY]);
    };
  },
  turns: {
    'MD-EGW-005': 'fail EGW_OTHER_CLIENT',
    'MD-CONT-002': 'fail CONT_OTHER_CERTIFICATE',
    'MD-DRIFT-001': 'fail DRIFT_EDGE',
  },
};
