import type { MeshMaterial } from '../../src/mesh/manifests/material.ts';

const pem = (name: string): string => `-----BEGIN CERTIFICATE-----\n${name}\n-----END CERTIFICATE-----\n`;

/** Recognisable stand-ins: the builders carry PEM text, they never read it. */
export const FAKE_MATERIAL: MeshMaterial = {
  istiodCa: {
    certPem: pem('istiod-ca'),
    keyPem: 'the key of istiod-ca\n',
    chainPem: pem('istiod-ca'),
    rootPem: pem('mesh-root'),
  },
  gateway: {
    certPem: pem('gateway'),
    keyPem: 'the key of gateway\n',
    clientCaPem: pem('mesh-root'),
  },
  edgeRootPem: pem('edge-root'),
};
