import type { TracedRequest } from './traced-request.ts';

/** What was read of the pod network while one request went over it. */
export type Capture =
  | { readonly kind: 'not-asked' }
  | {
      readonly kind: 'captured';
      readonly packets: number;
      /** Packets with each of these in clear. The controls were sent in plaintext, before and after. */
      readonly clear: {
        readonly before: number;
        readonly nonce: number;
        readonly after: number;
      };
      /** The request that carried the nonce. */
      readonly traced: TracedRequest;
    };
