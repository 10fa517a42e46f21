/** TLS material of a remote engine, as files in one directory. */
export interface EngineTls {
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
}

/** Where an engine listens. */
export type EngineEndpoint =
  | { readonly kind: 'socket'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly tls?: EngineTls };
