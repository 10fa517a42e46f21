import { parseManifests } from '../../src/config/manifests/parse-manifests.ts';
import type { ManifestObject } from '../../src/config/manifests/manifest-object.ts';
import { inNamespace } from '../../src/config/manifests/scope.ts';

/** Manifests of a service `stock` that is a Deployment with an account of its own. */
export const STOCK = `apiVersion: v1
kind: Service
metadata: { name: stock }
spec:
  selector: { app: stock }
  ports:
    - { name: http, port: 80, targetPort: web }
    - { name: metrics, port: 9090, appProtocol: http }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: stock, labels: { team: a } }
spec:
  replicas: 2
  selector: { matchLabels: { app: stock } }
  template:
    metadata: { labels: { app: stock, tier: db } }
    spec:
      serviceAccountName: keeper
      containers:
        - name: main
          image: stock:1
          ports:
            - { name: web, containerPort: 8080 }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: keeper }
`;

/** The objects of a text, in the namespace `apps` where they name none. @throws Error for a text with mistakes */
export function objectsOf(text: string): readonly ManifestObject[] {
  const { objects, problems } = parseManifests({ name: 'k8s/stock.yaml', text });
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return inNamespace(objects, 'apps');
}
