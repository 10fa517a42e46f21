export type CheckId = `MD-${string}-${string}`;

/** Who must refuse in a negative check. */
export type Refuser = 'edge' | 'gateway' | 'sidecar' | 'idp' | 'client' | 'istiod' | 'api';
