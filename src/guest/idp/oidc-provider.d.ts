/** The part of oidc-provider that the lab uses; the package brings no types of its own. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  /** What the pages and the log need of a Koa context. */
  export interface ProviderContext {
    status: number;
    type: string;
    body: unknown;
    readonly path: string;
    readonly oidc?: {
      readonly client?: { readonly clientId: string; readonly clientName?: string };
      readonly session?: {
        readonly accountId?: string;
        /** Seconds since the epoch; undefined as long as it was never saved. */
        readonly exp?: number;
        /** Changed since it was saved. */
        touched?: boolean;
      };
      readonly params?: Readonly<Record<string, unknown>>;
    };
    /** Whether the answer is still to come and somebody is there for it. */
    readonly writable: boolean;
    set(name: string, value: string): void;
  }

  export interface ProviderError extends Error {
    readonly error?: string;
    readonly error_description?: string;
    readonly error_detail?: string;
    readonly statusCode?: number;
  }

  export interface Account {
    readonly accountId: string;
    claims(use: string, scope: string): Readonly<Record<string, unknown>>;
  }

  export interface Token {
    readonly kind: string;
    readonly accountId?: string;
    readonly clientId?: string;
  }

  export interface InteractionDetails {
    readonly uid: string;
    readonly returnTo: string;
    readonly prompt: {
      readonly name: string;
      readonly details: {
        readonly missingOIDCScope?: readonly string[];
        readonly missingOIDCClaims?: readonly string[];
        readonly missingResourceScopes?: Readonly<Record<string, readonly string[]>>;
      };
    };
    readonly params: Readonly<Record<string, unknown>>;
    readonly session?: { readonly accountId: string };
    readonly grantId?: string;
  }

  export interface InteractionResult {
    readonly login?: { readonly accountId: string; readonly amr?: readonly string[] };
    readonly consent?: { readonly grantId: string };
    readonly error?: string;
    readonly error_description?: string;
  }

  export interface Grant {
    addOIDCScope(scope: string): void;
    addOIDCClaims(claims: readonly string[]): void;
    addResourceScope(resource: string, scope: string): void;
    save(): Promise<string>;
  }

  export class Provider {
    constructor(issuer: string, configuration: Readonly<Record<string, unknown>>);
    /** Whether X-Forwarded-* of the reverse proxy is believed. */
    proxy: boolean;
    readonly Grant: {
      new (of: { readonly accountId: string; readonly clientId: string }): Grant;
      find(id: string): Promise<Grant | undefined>;
    };
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
    /** Adds a middleware that runs around all of the provider's own. */
    use(middleware: (ctx: ProviderContext, next: () => Promise<void>) => Promise<void>): this;
    interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<InteractionDetails>;
    interactionFinished(
      request: IncomingMessage,
      response: ServerResponse,
      result: InteractionResult,
    ): Promise<void>;
    /** What went wrong outside of the provider's own error handling. */
    on(event: 'error', listener: (error: unknown) => void): this;
    on(event: string, listener: (ctx: ProviderContext, detail: ProviderError | undefined) => void): this;
  }

  export const errors: { readonly InvalidTarget: new () => Error };
}

declare module 'oidc-provider/lib/adapters/memory_adapter.js' {
  /** What the provider keeps its artifacts with. */
  export interface Adapter {
    find(id: string): Promise<unknown>;
    findByUid(uid: string): Promise<unknown>;
    findByUserCode(userCode: string): Promise<unknown>;
    upsert(id: string, payload: unknown, expiresIn?: number): Promise<void>;
    /** Marks an artifact that may be used once, in place. */
    consume(id: string): Promise<void>;
    destroy(id: string): Promise<void>;
    revokeByGrantId(grantId: string): Promise<void>;
  }

  /** Several of them may share one store; `maxAge` is in milliseconds. */
  export default class MemoryAdapter implements Adapter {
    constructor(
      model: string,
      store: {
        get(key: string): unknown;
        set(key: string, value: unknown, options?: { readonly maxAge?: number }): void;
        delete(key: string): void;
      },
      clockToleranceSeconds: number,
    );
    find(id: string): Promise<unknown>;
    findByUid(uid: string): Promise<unknown>;
    findByUserCode(userCode: string): Promise<unknown>;
    upsert(id: string, payload: unknown, expiresIn?: number): Promise<void>;
    consume(id: string): Promise<void>;
    destroy(id: string): Promise<void>;
    revokeByGrantId(grantId: string): Promise<void>;
  }
}
