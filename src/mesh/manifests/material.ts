import { createHash } from 'node:crypto';

/** Keys and certificates that go into the cluster; all PEM. */
export interface MeshMaterial {
  /** What istiod signs workload certificates with: an intermediate of the mesh root. */
  readonly istiodCa: {
    readonly certPem: string;
    readonly keyPem: string;
    readonly chainPem: string;
    readonly rootPem: string;
  };
  readonly gateway: {
    /** Leaf first, then its intermediates. */
    readonly certPem: string;
    readonly keyPem: string;
    /** Authority of the certificates that clients of the gateway may show. */
    readonly clientCaPem: string;
  };
  /** With this root istiod verifies the identity provider's name at the edge. */
  readonly edgeRootPem: string;
}

/** Short digest of public material: a pod that carries it is replaced when it changes. */
export function fingerprint(...publicPems: readonly string[]): string {
  const hash = createHash('sha256');
  for (const pem of publicPems) hash.update(pem.trim()).update('\n');
  return hash.digest('hex').slice(0, 16);
}

/** Annotations that tie a pod to what it reads once, at its start. */
export const DIGEST_ANNOTATION = {
  meshRoot: 'dev.meshdev.mesh-root',
  istiodCa: 'dev.meshdev.istiod-ca',
  edgeRoot: 'dev.meshdev.edge-root',
} as const;
