import { describe, expect, it } from 'vitest';
import { createX509Authority } from '../../../src/adapters/x509-authority.ts';
import { FLAWS, HONEST } from '../../../src/cases/certificates/flaws.ts';
import { forge } from '../../../src/probe/certificates/forge.ts';
import { findingsOf } from '../../../src/probe/certificates/own-judge.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { NOW } from '../../support/certificates.ts';
import { makeMaterial } from '../../support/healthy-material.ts';

const lab = createLab(DEFAULT_CHOICE);
const { edgeRoot, edgeIntermediate, meshRoot, istiodCa, gatewayServer, edgeClient } = await makeMaterial(lab);
const forger = {
  lab,
  meshRoot,
  authority: createX509Authority(),
  at: new Date(NOW),
  keys: {
    edge: {
      rootPem: edgeRoot.certificatePem,
      intermediatePem: edgeIntermediate.certificatePem,
      intermediateKeyPem: edgeIntermediate.keyPem,
    },
    mesh: {
      rootPem: meshRoot.certificatePem,
      cacerts: {
        'ca-cert.pem': istiodCa.certificatePem,
        'ca-key.pem': istiodCa.keyPem,
        'cert-chain.pem': istiodCa.certificatePem,
        'root-cert.pem': meshRoot.certificatePem,
      },
    },
    gateway: { ...gatewayServer, clientCaPem: meshRoot.certificatePem },
    edgeClient,
  },
};

/** Only components of the mesh have SPIFFE IDs to be forged. */
const SPIFFE_ONLY: ReadonlySet<string> = new Set(['spiffe-of-other-mesh', 'other-trust-domain']);

const LEAF_AS_CA = FLAWS.find(({ id }) => id === 'leaf-as-ca')?.recipe;

describe.each(['edge', 'issuer', 'gateway', 'edge-client', 'app', 'gateway-client'] as const)(
  'our own judge of certificates, before the %s',
  (part) => {
    const ofMesh = part === 'app' || part === 'gateway-client';

    it('finds nothing wrong with an honest one', async () => {
      const { certificatePem } = await forge(part, HONEST, forger);
      expect(findingsOf(part, certificatePem, forger)).toEqual([]);
    });

    it.each(FLAWS.filter(({ id }) => ofMesh || !SPIFFE_ONLY.has(id)))(
      'finds $reason in $id, and nothing that would hide it',
      async ({ recipe, reason }) => {
        const { certificatePem } = await forge(part, recipe, forger);
        const found = new Set<string>(findingsOf(part, certificatePem, forger));
        // Whoever signs below a CA that allows none is also too deep.
        if (recipe === LEAF_AS_CA) found.delete('CERT_PATHLEN');
        expect([...found]).toEqual([reason]);
      },
    );
  },
);
