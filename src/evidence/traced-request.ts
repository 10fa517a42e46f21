import type { AppRecord } from '../records/app-record.ts';
import type { EdgeRecord } from '../records/edge-record.ts';
import type { ProxyRecord } from '../records/proxy-record.ts';
import type { Ended } from './wire-result.ts';

/** The echo of the sample app: the request as it arrived. */
export interface Echo {
  /** Header names in lower case, values in the order received; credentials are taken out. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  /** Only where the endpoint echoes the whole request. */
  readonly method?: string;
  readonly url?: string;
  readonly body?: string;
  /** `sub` of the bearer token that the app received. */
  readonly subject?: string;
  /** `sub` of each, where the app received more than one. */
  readonly bearers?: readonly string[];
  /** SHA-256 of each `Authorization` header that the app received, in hex. */
  readonly authorization?: readonly string[];
}

/** One request through the chain with the record of every component that it reached. */
export interface TracedRequest {
  readonly status: number | undefined;
  readonly ended: Ended;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly meshdevId: string | undefined;
  readonly edge: EdgeRecord | undefined;
  readonly gateway: ProxyRecord | undefined;
  readonly sidecar: ProxyRecord | undefined;
  /** Pod of that sidecar, where it is one of the user's services. */
  readonly pod?: string;
  /** The app's own line of the request; undefined when it never arrived there. */
  readonly app: AppRecord | undefined;
  readonly echo: Echo | undefined;
}
