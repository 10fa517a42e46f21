import { ADMIN } from '../../sample/names.ts';
import { type Signal, signal } from './signal.ts';

const istiod = (name: string, words: RegExp, rest: Parameters<typeof signal>[3]): Signal =>
  signal('istiod', name, words, rest);
const idp = (name: string, rest: Parameters<typeof signal>[3]): Signal =>
  signal('idp', name, new RegExp(String.raw`\b${name}\b`), rest);

/** Words about tokens and keys: of the proxy that refused, of istiod that fetches, of the IdP itself. */
export const IDP_SIGNALS: readonly Signal[] = [
  signal('www-authenticate', 'error="invalid_token"', /error="invalid_token"/, [
    'the token is not accepted',
    `get a new token: meshdev token ${ADMIN}`,
    'MD-OIDC-005',
  ]),
  signal('www-authenticate', 'Bearer realm=… without error', /^Bearer\b(?!.*error=)/i, [
    'a required token is missing',
    `meshdev token ${ADMIN}`,
    'MD-JWT-002',
  ]),
  istiod('x509: certificate signed by unknown authority', /x509: certificate signed by unknown authority/, [
    'the extra root of istiod is not the edge root',
    'meshdev up',
    'MD-OIDC-010',
  ]),
  istiod('no such host', /no such host/, [
    'istiod cannot resolve the name of the IdP',
    'meshdev status',
    'MD-OIDC-010',
  ]),
  istiod('connection refused', /connection refused/, [
    'the edge does not answer istiod',
    'meshdev status',
    'MD-EDGE-001',
    'MD-OIDC-010',
  ]),
  istiod('status …', /status(?: code)? [45]\d\d|unsuccessful response/i, [
    'the IdP answered istiod with an error',
    'meshdev check oidc',
    'MD-OIDC-001',
    'MD-OIDC-010',
  ]),
  istiod('not a key set', /(?:invalid|unmarshal|parse).*(?:jwks|json)|jwks.*invalid/i, [
    'the document that istiod fetched is not a key set: the URL is wrong',
    'meshdev check MD-OIDC-002',
    'MD-OIDC-002',
  ]),
  idp('invalid_client', ['the IdP does not know the client or its secret', 'meshdev up', 'MD-OIDC-005']),
  idp('invalid_grant', ['the code or the refresh token was already used, or has expired', 'log in again']),
  idp('invalid_redirect_uri', ['the redirect URI is not registered', 'register it with the IdP']),
  idp('invalid_request', ['the request lacks a parameter, often PKCE', 'use the code flow with PKCE S256']),
];
