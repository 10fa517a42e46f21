import type { LabKeys } from '../keys/lab-keys.ts';
import type { MeshMaterial } from '../mesh/manifests/material.ts';

/** The part of the lab's keys that goes into the cluster; root keys stay where they are. */
export function meshMaterial({ mesh, gateway, edge }: LabKeys): MeshMaterial {
  const { cacerts } = mesh;
  return {
    istiodCa: {
      certPem: cacerts['ca-cert.pem'],
      keyPem: cacerts['ca-key.pem'],
      chainPem: cacerts['cert-chain.pem'],
      rootPem: cacerts['root-cert.pem'],
    },
    gateway: { certPem: gateway.certificatePem, keyPem: gateway.keyPem, clientCaPem: gateway.clientCaPem },
    edgeRootPem: edge.rootPem,
  };
}
