/** A workload identity as Istio writes it into certificates (SPIFFE ID, one URI SAN). */
export interface WorkloadIdentity {
  readonly trustDomain: string;
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** `spiffe://<trust domain>/ns/<namespace>/sa/<service account>` */
export function spiffeId(identity: WorkloadIdentity): string {
  return `spiffe://${principal(identity)}`;
}

/** The same identity as AuthorizationPolicy wants it: without the scheme. */
export function principal({ trustDomain, namespace, serviceAccount }: WorkloadIdentity): string {
  return `${trustDomain}/ns/${namespace}/sa/${serviceAccount}`;
}
