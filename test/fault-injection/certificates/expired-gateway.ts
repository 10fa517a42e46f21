import { readPair } from '../../../src/keys/key-store.ts';
import { keySpecs } from '../../../src/keys/key-specs.ts';
import { patchObject } from '../support/cluster.ts';
import type { FaultInjection } from '../support/fault-injection.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

export const fault: FaultInjection = {
  category: 'certificates',
  what: 'the gateway’s certificate ran out yesterday',
  names: 'Secret istio-ingress/gateway-credential',
  commit: async (bench) => {
    const { lab, context } = bench;
    const day = 86_400_000;
    const validity = { notBefore: new Date(Date.now() - 2 * day), notAfter: new Date(Date.now() - day) };
    const spec = keySpecs(lab)['gateway-server'].certificate;
    const issuer = await readPair(context.keyStore, 'mesh-root');
    const { certificatePem, keyPem } = await context.authority.issue({ spec, validity, issuer });
    return patchObject(
      bench,
      { kind: 'secret', namespace: lab.workloads.gateway.namespace, name: 'gateway-credential' },
      [
        ['replace', '/data/tls.crt', base64(certificatePem)],
        ['replace', '/data/tls.key', base64(keyPem)],
      ],
    );
  },
  turns: {
    'MD-CERT-002': 'fail CERT_EXPIRED',
    'MD-CERT-005': 'fail CERT_EXPIRED',
    'MD-CERT-006': 'fail CERT_NOT_THE_NEWEST',
    'MD-EGW-004': 'fail CERT_EXPIRED',
    'MD-DRIFT-001': 'fail DRIFT_OBJECTS',
  },
  // Only once the edge's connections from before have ended.
  mayTurn: ['MD-WRK-001'],
};
