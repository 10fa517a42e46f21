import type { KubeObject } from '../../ports/cluster.ts';
import type { Lab } from '../../topology/lab.ts';
import { DIGEST_ANNOTATION, fingerprint, type MeshMaterial } from './material.ts';
import { GATEWAY_SELECTOR } from './names.ts';
import { labObject } from './object.ts';
import { CONFINED, deployment, serviceAccount } from './pods.ts';

/**
 * The ingress gateway as a Deployment whose proxy istiod fills in (`image: auto`), reached by Caddy
 * on a NodePort. Nothing waits for a load balancer, and no autoscaler changes it behind our back.
 */
export function gatewayPods(lab: Lab, { istiodCa }: MeshMaterial): readonly KubeObject[] {
  return [
    serviceAccount(lab, 'gateway'),
    ...credentialAccess(lab),
    gatewayService(lab),
    deployment(lab, {
      role: 'gateway',
      selector: GATEWAY_SELECTOR,
      labels: { 'sidecar.istio.io/inject': 'true' },
      annotations: {
        'inject.istio.io/templates': 'gateway',
        [DIGEST_ANNOTATION.meshRoot]: fingerprint(istiodCa.rootPem),
      },
      container: {
        name: 'istio-proxy',
        image: 'auto',
        // The API server would default it to Always, because `auto` has no tag.
        imagePullPolicy: 'IfNotPresent',
        securityContext: { ...CONFINED, runAsNonRoot: true, privileged: false },
        resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { cpu: '2', memory: '512Mi' } },
      },
      terminationGracePeriodSeconds: 10,
    }),
  ];
}

/** istiod hands a credential only to a gateway whose account may list the secrets of its namespace. */
function credentialAccess(lab: Lab): readonly KubeObject[] {
  const { namespace, serviceAccount: name } = lab.workloads.gateway;
  const group = 'rbac.authorization.k8s.io';
  const parts = { apiVersion: `${group}/v1`, name, namespace, role: 'gateway' };
  return [
    labObject(
      lab,
      { ...parts, kind: 'Role' },
      {
        rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'watch', 'list'] }],
      },
    ),
    labObject(
      lab,
      { ...parts, kind: 'RoleBinding' },
      {
        roleRef: { apiGroup: group, kind: 'Role', name },
        subjects: [{ kind: 'ServiceAccount', name, namespace }],
      },
    ),
  ];
}

function gatewayService(lab: Lab): KubeObject {
  const { namespace, serviceAccount: name } = lab.workloads.gateway;
  const port = { name: 'https', port: 443, targetPort: 8443, nodePort: lab.gatewayNodePort, protocol: 'TCP' };
  return labObject(
    lab,
    { apiVersion: 'v1', kind: 'Service', name, namespace, role: 'gateway' },
    { spec: { type: 'NodePort', selector: GATEWAY_SELECTOR, ports: [port] } },
  );
}
