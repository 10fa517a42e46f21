import type { WireResult } from '../../evidence/wire-result.ts';
import type { AppRecord } from '../../records/app-record.ts';
import type { EdgeRecord } from '../../records/edge-record.ts';
import type { ProxyRecord } from '../../records/proxy-record.ts';
import type { ServiceId } from '../../topology/service.ts';
import type { Component } from './component-logs.ts';

/** What each component wrote, by the User-Agent of the request. */
export interface Records {
  readonly edge: ReadonlyMap<string, EdgeRecord>;
  readonly gateway: ReadonlyMap<string, ProxyRecord>;
  readonly sidecar: ReadonlyMap<string, ProxyRecord>;
  readonly app: ReadonlyMap<string, AppRecord>;
  /** Of the sidecars of the user's services, by {@link sidecarKey}. */
  readonly sidecars: ReadonlyMap<string, PodRecord>;
  /** How often the app wrote of that User-Agent: a request that arrived twice was smuggled or repeated. */
  readonly appTimes: ReadonlyMap<string, number>;
}

/** What the sidecar of one pod wrote of a request. */
export interface PodRecord {
  readonly pod: string;
  readonly record: ProxyRecord;
}

/** A request may be known to the sidecars of several services: whoever handles it may send its User-Agent on. */
export function sidecarKey(service: ServiceId, agent: string): string {
  return `${service} ${agent}`;
}

/** A request that was sent, and what came back of it. */
export interface Sent {
  readonly agent: string;
  readonly wire: Pick<WireResult, 'status' | 'headers'>;
  /** Which component it was sent to; the edge unless said otherwise. */
  readonly via?: 'edge' | 'gateway' | 'pod';
  /** The user's service that it is for, whose app writes nothing; the sample when it is left out. */
  readonly service?: ServiceId;
  /** The agent of a request that may be hidden in this one: once one component wrote of it, all must. */
  readonly hidden?: string;
  /** The edge answers it by itself and writes of it, whatever the answer looks like. */
  readonly recorded?: boolean;
}

/** What was found of requests. */
export interface Found {
  readonly records: Records;
  /** The component that should have written of that request and did not in time. */
  readonly silent: (sent: Sent) => Component | undefined;
}

/** The records of these requests, as far as there are any before the deadline. */
export type LookUp = (sent: readonly Sent[]) => Promise<Found>;
