import { type KeyStore, readIdpSecrets, readPair } from './key-store.ts';
import type { LabKeys } from './lab-keys.ts';

/**
 * The material that the components of a lab are given.
 * @throws MeshdevError LAB_NOT_UP when something is missing, STATE_NOT_PRIVATE
 */
export async function readKeys(store: KeyStore): Promise<LabKeys> {
  const [edgeRoot, edgeCa] = [await readPair(store, 'edge-root'), await readPair(store, 'edge-intermediate')];
  const [meshRoot, istiodCa] = [await readPair(store, 'mesh-root'), await readPair(store, 'istiod-ca')];
  const [gateway, client] = [await readPair(store, 'gateway-server'), await readPair(store, 'edge-client')];
  return {
    edge: {
      rootPem: edgeRoot.certificatePem,
      intermediatePem: edgeCa.certificatePem,
      intermediateKeyPem: edgeCa.keyPem,
    },
    mesh: {
      rootPem: meshRoot.certificatePem,
      cacerts: {
        'ca-cert.pem': istiodCa.certificatePem,
        'ca-key.pem': istiodCa.keyPem,
        // What istiod appends to each workload certificate; peers have the root themselves.
        'cert-chain.pem': istiodCa.certificatePem,
        'root-cert.pem': meshRoot.certificatePem,
      },
    },
    gateway: { ...gateway, clientCaPem: meshRoot.certificatePem },
    edgeClient: client,
    idp: await readIdpSecrets(store),
  };
}
