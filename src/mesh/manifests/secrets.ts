import type { KubeObject } from '../../ports/cluster.ts';
import type { Lab } from '../../topology/lab.ts';
import type { MeshMaterial } from './material.ts';
import { GATEWAY_CREDENTIAL, ISTIO_NAMESPACE } from './names.ts';
import { labObject } from './object.ts';

/**
 * Secrets that must be there before the pods that read them: istiod makes a root of its own when
 * `cacerts` comes later, and the gateway resets every connection until it has its credential.
 */
export function secrets(lab: Lab, { istiodCa, gateway }: MeshMaterial): readonly KubeObject[] {
  const namespace = lab.workloads.gateway.namespace;
  return [
    secret(
      lab,
      { name: 'cacerts', namespace: ISTIO_NAMESPACE, type: 'Opaque' },
      {
        'ca-cert.pem': istiodCa.certPem,
        'ca-key.pem': istiodCa.keyPem,
        'cert-chain.pem': istiodCa.chainPem,
        'root-cert.pem': istiodCa.rootPem,
      },
    ),
    secret(
      lab,
      { name: GATEWAY_CREDENTIAL, namespace, type: 'kubernetes.io/tls' },
      {
        'tls.crt': gateway.certPem,
        'tls.key': gateway.keyPem,
        'ca.crt': gateway.clientCaPem,
      },
    ),
  ];
}

function secret(
  lab: Lab,
  { name, namespace, type }: { readonly name: string; readonly namespace: string; readonly type: string },
  files: Readonly<Record<string, string>>,
): KubeObject {
  const encoded = Object.entries(files).map(([file, text]) => [file, Buffer.from(text).toString('base64')]);
  return labObject(
    lab,
    { apiVersion: 'v1', kind: 'Secret', name, namespace, role: 'authority' },
    { type, data: Object.fromEntries(encoded) },
  );
}
