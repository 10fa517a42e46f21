import {
  type Fields,
  isArrayOf,
  isNumber,
  isObject,
  isString,
  type JsonObject,
  wrongFields,
} from '../../guest/shape.ts';
import type { Batch, HeaderPair, HttpRequest, Job } from './job.ts';

/**
 * Reads `{ "batch": n, "jobs": [...] }`.
 * @throws Error naming the job and the fields that are wrong, never their values: keys are among them.
 */
export function parseBatch(json: string): Batch {
  const document = parseJson(json);
  const { batch, jobs }: JsonObject = isObject(document) ? document : {};
  if (!isNumber(batch) || !Array.isArray(jobs))
    throw new Error('a line of stdin is not { "batch": n, "jobs": [...] }');
  return { batch, jobs: jobs.map(parseJob) };
}

function parseJob(job: unknown, at: number): Job {
  if (isJob(job)) return job;
  throw new Error(`job ${at} is not usable: ${isObject(job) ? problems(job).join(', ') : 'not an object'}`);
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    // The parser's own message quotes the text, which may hold keys.
    throw new Error('a line of stdin is not JSON');
  }
}

interface Shape {
  readonly required: Fields;
  readonly optional?: Fields;
}

const isPair = (value: unknown): value is HeaderPair => isArrayOf(isString)(value) && value.length === 2;

function isRequest(value: unknown): value is HttpRequest {
  if (!isObject(value)) return false;
  if ('raw' in value) return isString(value['raw']);
  const required = { method: isString, path: isString, headers: isArrayOf(isPair) };
  return wrongFields(value, required, { body: isString, keepBytes: isNumber }).length === 0;
}

function isAddress(value: unknown): boolean {
  return (
    isObject(value) && (isString(value['socketPath']) || (isString(value['host']) && isNumber(value['port'])))
  );
}

const BASE = { id: isString, timeoutMs: isNumber };
const AT = { host: isString, port: isNumber };

const TLS: Fields = {
  servername: isString,
  alpn: isArrayOf(isString),
  ca: isString,
  cert: isString,
  key: isString,
  minVersion: isString,
  maxVersion: isString,
  ciphers: isString,
  groups: isString,
};

const SHAPES: Readonly<Record<string, Shape>> = {
  tls: {
    required: { ...BASE, ...AT },
    optional: { ...TLS, readFirstMs: isNumber, request: isRequest },
  },
  series: {
    required: { ...BASE, ...AT, requests: isArrayOf(isRequest) },
    optional: { ...TLS, answerMs: isNumber },
  },
  http: { required: { ...BASE, to: isAddress, request: isRequest } },
  tcp: { required: { ...BASE, ...AT }, optional: { send: isString } },
  dns: { required: { ...BASE, name: isString } },
};

function isJob(value: unknown): value is Job {
  return isObject(value) && problems(value).length === 0;
}

function problems(job: JsonObject): readonly string[] {
  const shape = SHAPES[String(job['kind'])];
  return shape === undefined ? ['kind'] : wrongFields(job, shape.required, shape.optional);
}
