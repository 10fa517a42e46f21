import { isArrayOf, isNumber, isObject, isString, wrongFields } from '../shape.ts';

/** Everything the identity provider is told. It holds secrets: the file is 0600 and is never logged. */
export interface IdpConfig {
  /** Byte for byte what tokens carry as `iss`: the public URL, port included, no trailing slash. */
  readonly issuer: string;
  /** Plain HTTP on every address of the container; only the edge leads to it. 0 = any free port. */
  readonly port: number;
  /**
   * `aud` of access tokens: the resource indicators (RFC 8707) that are granted. A token is for one of them, for the
   * first where a client names none.
   */
  readonly audiences: readonly string[];
  /** Scopes of that resource that a client may ask for. */
  readonly apiScopes: readonly string[];
  readonly users: readonly IdpUser[];
  readonly clients: readonly IdpClient[];
  /** Private ES256 keys; the first one signs. */
  readonly jwks: { readonly keys: readonly PrivateJwk[] };
  /** Sign the cookies; the first one signs, the others still verify. */
  readonly cookieKeys: readonly string[];
  readonly accessTokenTtlSeconds: number;
}

export interface IdpUser {
  /** Becomes `sub`. */
  readonly name: string;
  readonly roles: readonly string[];
  readonly password: string;
}

export type IdpClient = InteractiveClient | MachineClient;

/** A public client on the user's own machine: code + PKCE on a loopback redirect, or a device code. */
interface InteractiveClient {
  readonly kind: 'interactive';
  readonly id: string;
  readonly name: string;
  /** `http://127.0.0.1/…`: any port of it matches (RFC 8252 §7.3). */
  readonly redirectUris: readonly string[];
}

/** A confidential client without a user: client credentials only. */
interface MachineClient {
  readonly kind: 'machine';
  readonly id: string;
  readonly name: string;
  readonly secret: string;
  readonly roles: readonly string[];
}

/** EC P-256 with its private part. */
export interface PrivateJwk {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
  readonly d: string;
  readonly kid?: string;
}

/** @throws Error naming the fields that are missing or of the wrong type, never their values. */
export function parseIdpConfig(json: string): IdpConfig {
  const value = parseJson(json);
  if (isIdpConfig(value)) return value;
  const wrong = isObject(value) ? wrongFields(value, CONFIG_FIELDS).join(', ') : 'the whole document';
  throw new Error(`the configuration is not usable: ${wrong}`);
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // The parser's own message quotes the text, which holds secrets.
    throw new Error('the configuration is not JSON');
  }
}

const isStrings = isArrayOf(isString);
const isFilled = (value: unknown): boolean => Array.isArray(value) && value.length > 0;
const isSecret = (value: unknown): boolean => isString(value) && value.length >= 8;

function isUser(value: unknown): value is IdpUser {
  return (
    isObject(value) &&
    wrongFields(value, { name: isString, roles: isStrings, password: isSecret }).length === 0
  );
}

function isClient(value: unknown): value is IdpClient {
  if (!isObject(value) || !isString(value['id']) || !isString(value['name'])) return false;
  return value['kind'] === 'machine'
    ? wrongFields(value, { secret: isSecret, roles: isStrings }).length === 0
    : value['kind'] === 'interactive' && isStrings(value['redirectUris']);
}

function isPrivateJwk(value: unknown): value is PrivateJwk {
  return (
    isObject(value) && value['crv'] === 'P-256' && ['x', 'y', 'd'].every((part) => isString(value[part]))
  );
}

const CONFIG_FIELDS = {
  issuer: (value: unknown) => isString(value) && URL.canParse(value) && !value.endsWith('/'),
  port: isNumber,
  audiences: (value: unknown) => isFilled(value) && isStrings(value),
  apiScopes: isStrings,
  users: isArrayOf(isUser),
  clients: isArrayOf(isClient),
  // Without keys of its own the provider would sign with a pair that everybody knows.
  jwks: (value: unknown) =>
    isObject(value) && isFilled(value['keys']) && isArrayOf(isPrivateJwk)(value['keys']),
  cookieKeys: (value: unknown) => isFilled(value) && isArrayOf(isString)(value),
  accessTokenTtlSeconds: isNumber,
};

function isIdpConfig(value: unknown): value is IdpConfig {
  return isObject(value) && wrongFields(value, CONFIG_FIELDS).length === 0;
}
