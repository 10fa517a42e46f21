import { ADMIN, VIEWER } from '../sample/names.ts';
import type { FramingCase } from '../cases/framing/framing-case.ts';
import type { HeaderCase } from '../cases/headers/header-case.ts';
import type { HostCase } from '../cases/host-cases.ts';
import type { PathCase } from '../cases/path-cases.ts';
import type { Echo, TracedRequest } from './traced-request.ts';
import type { Cell } from '../cases/matrix/access-matrix.ts';

/** A request over a connection that others may share, with how often the app wrote of it. */
export interface ShotRequest extends TracedRequest {
  readonly appTimes: number;
  /** Times that the app wrote of a request that was hidden in this one. */
  readonly hiddenTimes: number;
  /** Times that the edge wrote of it as a request of its own. */
  readonly hiddenAtEdge: number;
  /** How many of those the client waited for. */
  readonly hiddenAnswered: number;
  /** From the first byte written to the last one read; without the handshake. */
  readonly durationMs: number;
  /** Requests with the same text went over the same connection. */
  readonly connection: string;
  /** Name of the TLS alert that ended the connection. */
  readonly alert?: string;
}

/** From pod to pod there are no records to look up: the echo of the far end is the evidence. */
export interface PodEcho {
  readonly case: HeaderCase;
  readonly status: number | undefined;
  readonly echo: Echo | undefined;
}

export interface HeaderRequests {
  readonly requests: readonly (ShotRequest & { readonly case: HeaderCase })[];
  readonly pods: readonly PodEcho[];
  /** Names that Caddy's running configuration takes off requests, once for each site. */
  readonly stripped: readonly string[];
  readonly authorization: {
    /** Of the `Authorization` header that was sent: SHA-256 in hex. */
    readonly sent: string;
    readonly traced: ShotRequest;
  };
  /** A request with headers that have to arrive as they were sent. */
  readonly passing: {
    readonly sent: readonly (readonly [name: string, value: string])[];
    readonly traced: ShotRequest;
  };
}

export type FramingRequest = ShotRequest & { readonly case: FramingCase };
export type PathRequest = ShotRequest & { readonly case: PathCase };
export type HostRequest = ShotRequest & { readonly case: HostCase };
export type CellRequest = ShotRequest & { readonly case: Cell };

/** One request of a user over a connection that both users share. */
export interface Turn {
  readonly user: typeof ADMIN | typeof VIEWER;
  readonly traced: ShotRequest;
}

export interface Continuity {
  /** Requests that differ in their nonce only. */
  readonly nonces: readonly { readonly nonce: string; readonly traced: ShotRequest }[];
  /** the admin and the viewer by turns over one connection of each protocol. */
  readonly turns: Readonly<Record<'http1' | 'http2', readonly Turn[]>>;
  readonly webSocket: ShotRequest;
  /** What the WebSocket was to send back. */
  readonly webSocketText: string;
  readonly webSocketWithoutToken: ShotRequest;
}
