import { isArrayOf, isNumber, isObject, isString, wrongFields } from '../../guest/shape.ts';

/*
 * What a rogue server pretends to be, and what it saw. It stands in for a gateway, a sidecar or an issuer
 * on the lab's network: clients of the chain that talk to it, and how far they go, is the evidence.
 */

export interface Order {
  readonly listeners: readonly ListenerOrder[];
  /** On 127.0.0.1: the first connection to it ends the rogue server. */
  readonly controlPort: number;
  /** It ends by itself after this time. */
  readonly timeoutMs: number;
}

export interface ListenerOrder {
  /** Chosen by the caller, unique within the order; comes back with what was seen. */
  readonly id: string;
  readonly port: number;
  /** Plaintext HTTP without it. */
  readonly tls?: TlsOrder;
  /** By path, without query. */
  readonly routes?: Readonly<Record<string, Answer>>;
  /** For every other path; 404 without it. */
  readonly otherwise?: Answer;
}

export interface TlsOrder {
  /** PEM, leaf first, as it is to be presented: incomplete or untidy chains too. */
  readonly cert: string;
  readonly key: string;
  /** PEM. With it a client certificate is asked for; it is recorded, never judged. */
  readonly clientCa?: string;
  readonly minVersion?: 'TLSv1.2' | 'TLSv1.3';
  readonly maxVersion?: 'TLSv1.2' | 'TLSv1.3';
  readonly alpn?: readonly string[];
  /** In OpenSSL's form; `DEFAULT@SECLEVEL=0` to show a weak key or an outdated hash at all. */
  readonly ciphers?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly delayMs?: number;
}

/** What came to one listener until the rogue server ended. */
export interface Sighting {
  readonly id: string;
  /** Why it could not listen; everything else is empty then. */
  readonly error?: string;
  readonly connections: number;
  /** Handshakes that finished on this side: proves nothing about the client's judgement under TLS 1.3. */
  readonly handshakes: number;
  /** Codes of handshakes and connections that failed, in order. */
  readonly failures: readonly string[];
  readonly requests: readonly SeenRequest[];
}

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** SHA-256 of the client's certificate, lower-case hexadecimal, where one was shown. */
  readonly clientFingerprint?: string;
}

const isAnswer = (value: unknown): value is Answer =>
  isObject(value) &&
  wrongFields(value, { status: isNumber }, { headers: isTextRecord, body: isString, delayMs: isNumber })
    .length === 0;

function isTextRecord(value: unknown): value is Readonly<Record<string, string>> {
  return isObject(value) && Object.values(value).every(isString);
}

function isRoutes(value: unknown): value is Readonly<Record<string, Answer>> {
  return isObject(value) && Object.values(value).every(isAnswer);
}

function isTls(value: unknown): value is TlsOrder {
  const optional = {
    clientCa: isString,
    minVersion: isString,
    maxVersion: isString,
    alpn: isArrayOf(isString),
    ciphers: isString,
  };
  return isObject(value) && wrongFields(value, { cert: isString, key: isString }, optional).length === 0;
}

function isListener(value: unknown): value is ListenerOrder {
  const optional = { tls: isTls, routes: isRoutes, otherwise: isAnswer };
  return isObject(value) && wrongFields(value, { id: isString, port: isNumber }, optional).length === 0;
}

function isOrder(value: unknown): value is Order {
  const required = { listeners: isArrayOf(isListener), controlPort: isNumber, timeoutMs: isNumber };
  return isObject(value) && wrongFields(value, required).length === 0;
}

/** @throws Error that never quotes the text: keys are in it */
export function parseOrder(json: string): Order {
  const value = parseJson(json);
  if (!isOrder(value)) throw new Error('stdin is not an order for an imposter');
  return value;
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new Error('stdin is not JSON');
  }
}
