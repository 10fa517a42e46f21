import type { IdpSecrets } from './idp-secrets.ts';

/**
 * Key material that components of a lab are given. Root keys are not part of it: only the key store
 * reads those, to sign. All values are PEM texts unless said otherwise.
 */
export interface LabKeys {
  readonly edge: {
    readonly rootPem: string;
    readonly intermediatePem: string;
    readonly intermediateKeyPem: string;
  };
  readonly mesh: {
    readonly rootPem: string;
    /** Files of istiod's secret `cacerts`, by the names that istiod wants. */
    readonly cacerts: Readonly<Record<CacertsFile, string>>;
  };
  readonly gateway: {
    /** Leaf only: the mesh root issued it. */
    readonly certificatePem: string;
    readonly keyPem: string;
    /** Whose client certificates the gateway considers; the name is pinned beside it. */
    readonly clientCaPem: string;
  };
  readonly edgeClient: { readonly certificatePem: string; readonly keyPem: string };
  readonly idp: IdpSecrets;
}

type CacertsFile = 'ca-cert.pem' | 'ca-key.pem' | 'cert-chain.pem' | 'root-cert.pem';
