import { join } from 'node:path';
import type { EngineEndpoint, EngineTls } from '../ports/engine-endpoint.ts';

/** The endpoint of a local socket, which is the usual case. */
export function socketEndpoint(path: string): EngineEndpoint {
  return { kind: 'socket', path };
}

/**
 * Reads what DOCKER_HOST or a docker context says (`unix:///…`, `tcp://host:port`).
 * `tlsDir` holds ca.pem, cert.pem and key.pem, as the docker CLI lays them out.
 * @returns undefined for a transport that meshdev does not speak (ssh, npipe, fd).
 */
export function parseDockerHost(text: string, tlsDir?: string): EngineEndpoint | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.protocol === 'unix:') return { kind: 'socket', path: decodeURIComponent(url.pathname) };
  if (!['tcp:', 'http:', 'https:'].includes(url.protocol)) return undefined;
  // Non-special schemes keep the brackets of an IPv6 address; node:net wants it bare.
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const port = Number(url.port) || (tlsDir === undefined ? 2375 : 2376);
  return { kind: 'tcp', host, port, ...(tlsDir === undefined ? {} : { tls: tlsFiles(tlsDir) }) };
}

function tlsFiles(dir: string): EngineTls {
  return { caFile: join(dir, 'ca.pem'), certFile: join(dir, 'cert.pem'), keyFile: join(dir, 'key.pem') };
}

/** The endpoint in the notation of DOCKER_HOST: for messages and for programs that we start. */
export function dockerHostOf(endpoint: EngineEndpoint): string {
  if (endpoint.kind === 'socket') return `unix://${endpoint.path}`;
  const host = endpoint.host.includes(':') ? `[${endpoint.host}]` : endpoint.host;
  return `tcp://${host}:${endpoint.port}`;
}

/** Environment that makes `docker` and `kind` talk to the same engine as we do. */
export function engineEnvironment(endpoint: EngineEndpoint): Record<string, string> {
  const env = { DOCKER_HOST: dockerHostOf(endpoint) };
  if (endpoint.kind === 'socket' || endpoint.tls === undefined) return env;
  return { ...env, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: join(endpoint.tls.caFile, '..') };
}
