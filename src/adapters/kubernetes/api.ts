import type { RequestOptions } from 'node:https';
import type { KubeConfig, RequestContext } from '@kubernetes/client-node';
import type { Dispatcher } from 'undici';
import { z } from 'zod';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import { redact } from '../../errors/redact.ts';
import { notReached } from './not-reached.ts';
import { parseJson } from '../../parse-json.ts';

interface ApiRequest {
  readonly method: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  /** Absolute path, already encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly contentType?: string;
  readonly signal: AbortSignal;
}

export interface ApiAnswer {
  readonly status: number;
  readonly text: string;
}

/** One kubeconfig, one connection pool: raw JSON in and out, so that no field is lost on the way. */
export interface Api {
  send(request: ApiRequest): Promise<ApiAnswer>;
}

/**
 * Reads a kubeconfig file of ours and no other: no merging, no fallback to localhost.
 * @throws MeshdevError LAB_NOT_UP when the file is not there.
 */
export async function openApi(kubeconfig: string): Promise<Api> {
  const { IsomorphicFetchHttpLibrary, RequestContext } = await import('@kubernetes/client-node');
  const config = await loadKubeconfig(kubeconfig);
  const server = config.getCurrentCluster()?.server ?? '';
  const http = new IsomorphicFetchHttpLibrary();
  const template = new RequestContext(server, 'GET');
  await config.applySecurityAuthentication(template);
  template.setDispatcher(await http1Pool(config));
  const send = async (request: ApiRequest): Promise<ApiAnswer> => {
    const context = new RequestContext(urlOf(server, request), request.method);
    fill(context, request, template);
    try {
      const response = await http.send(context).toPromise();
      return { status: response.httpStatusCode, text: await response.body.text() };
    } catch (error) {
      throw notReached(error, { server, doing: `${request.method} ${request.path}`, signal: request.signal });
    }
  };
  return { send };
}

/**
 * One pool for all requests, of HTTP/1.1. undici would negotiate HTTP/2, where Node.js (24.21) sends empty DATA frames
 * without end when a request is stopped while its body waits: the process then no longer reacts and fills the memory.
 */
async function http1Pool(config: KubeConfig): Promise<Dispatcher> {
  const { Agent } = await import('undici');
  const { ca, cert, key } = await tlsOf(config);
  return new Agent({ allowH2: false, connect: { ca, cert, key, keepAlive: true } });
}

async function tlsOf(config: KubeConfig): Promise<Pick<RequestOptions, 'ca' | 'cert' | 'key'>> {
  const options: RequestOptions = {};
  await config.applyToHTTPSOptions(options);
  return options;
}

function urlOf(server: string, { path, query }: Pick<ApiRequest, 'path' | 'query'>): string {
  const url = new URL(`${server}${path}`);
  for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, value);
  return url.href;
}

function fill(
  context: RequestContext,
  { body, contentType, signal }: ApiRequest,
  template: RequestContext,
): void {
  const dispatcher = template.getDispatcher();
  if (dispatcher !== undefined) context.setDispatcher(dispatcher);
  const headers = { ...template.getHeaders(), Accept: 'application/json, */*' };
  for (const [name, value] of Object.entries(headers)) context.setHeaderParam(name, value);
  context.setSignal(signal);
  if (body === undefined) return;
  context.setHeaderParam('Content-Type', contentType ?? 'application/json');
  context.setBody(JSON.stringify(body));
}

/** Where the API server has the log of a pod. */
export function logPathOf({ namespace, pod }: { readonly namespace: string; readonly pod: string }): string {
  const parts = [namespace, 'pods', pod].map((part) => encodeURIComponent(part));
  return `/api/v1/namespaces/${parts.join('/')}/log`;
}

/** @throws MeshdevError LAB_NOT_UP */
export async function loadKubeconfig(kubeconfig: string) {
  const { KubeConfig } = await import('@kubernetes/client-node');
  const config = new KubeConfig();
  try {
    config.loadFromFile(kubeconfig);
  } catch (cause) {
    throw new MeshdevError('LAB_NOT_UP', {
      message: `reading ${kubeconfig}: the kubeconfig of this lab is missing or unusable`,
      remedies: ['meshdev up'],
      cause,
    });
  }
  return config;
}

const statusShape = z.object({ message: z.string().default(''), reason: z.string().default('') });

/** The `Status` of a refused request; its text never carries a key. */
export function statusOf({ status, text }: ApiAnswer): { readonly reason: string; readonly message: string } {
  const parsed = statusShape.safeParse(parseJson(text));
  if (parsed.success) return { reason: parsed.data.reason, message: redact(parsed.data.message) };
  return { reason: `HTTP ${status}`, message: redact(text.slice(0, 300)) };
}

/** A value that cannot change may be a whole pod template, with what is secret in it. */
const KEPT_VALUE = /Invalid value: .*?: field is immutable/gs;

/** @param remedies where more is known than that the API refused it */
export function refused(doing: string, answer: ApiAnswer, remedies: readonly string[] = []): MeshdevError {
  const { reason, message: said } = statusOf(answer);
  const message = said.replaceAll(KEPT_VALUE, 'field is immutable');
  return new MeshdevError('CLUSTER_CALL_FAILED', {
    message: `${doing}: the API server answered ${answer.status} ${reason}: ${message}`,
    remedies,
    details: { status: answer.status, reason },
  });
}
