import { DELIVERIES, type DeliveryId } from '../../cases/tokens/delivery-cases.ts';
import type { HeaderPair } from '../../agent/program/job.ts';
import type { OutgoingRequest } from '../requests/send-traced.ts';

/** Two good tokens, and one that only looks like it. */
interface Bearers {
  readonly admin: string;
  readonly viewer: string;
  readonly forged: string;
}

type Request = Pick<OutgoingRequest, 'method' | 'path' | 'headers' | 'body'>;

/** Each differs from a good request only in where and how the token is written. */
export function deliveries(tokens: Bearers): readonly OutgoingRequest[] {
  return DELIVERIES.map(({ id }) => ({ id, token: undefined, ...REQUESTS[id](tokens) }));
}

const PATH = '/headers';

function reading(...headers: readonly HeaderPair[]): Request {
  return { method: 'GET', path: PATH, headers };
}

function authorization(...values: readonly string[]): Request {
  return reading(...values.map((value) => ['Authorization', value] as const));
}

const REQUESTS: Readonly<Record<DeliveryId, (tokens: Bearers) => Request>> = {
  doubled: ({ admin, viewer }) => authorization(`Bearer ${admin}`, `Bearer ${viewer}`),
  'doubled-reversed': ({ admin, viewer }) => authorization(`Bearer ${viewer}`, `Bearer ${admin}`),
  'doubled-with-forged': ({ admin, forged }) => authorization(`Bearer ${admin}`, `Bearer ${forged}`),
  'doubled-forged-first': ({ admin, forged }) => authorization(`Bearer ${forged}`, `Bearer ${admin}`),
  'comma-joined': ({ admin, viewer }) => authorization(`Bearer ${admin}, Bearer ${viewer}`),
  'comma-joined-tokens': ({ admin, viewer }) => authorization(`Bearer ${admin},${viewer}`),
  'trailing-comma': ({ admin }) => authorization(`Bearer ${admin},`),
  'trailing-bytes': ({ admin }) => authorization(`Bearer ${admin} more`),
  'other-scheme': ({ admin }) => authorization(`Basic ${admin}`),
  'scheme-lower-case': ({ admin }) => authorization(`bearer ${admin}`),
  'scheme-upper-case': ({ admin }) => authorization(`BEARER ${admin}`),
  'no-scheme': ({ admin }) => authorization(admin),
  'two-blanks': ({ admin }) => authorization(`Bearer  ${admin}`),
  'proxy-authorization': ({ admin }) => reading(['Proxy-Authorization', `Bearer ${admin}`]),
  query: ({ admin }) => ({ method: 'GET', path: `${PATH}?access_token=${admin}` }),
  cookie: ({ admin }) => reading(['Cookie', `access_token=${admin}`]),
  form: ({ admin }) => ({
    method: 'POST',
    path: '/anything/admin',
    headers: [['Content-Type', 'application/x-www-form-urlencoded']],
    body: `access_token=${admin}`,
  }),
  'beside-a-cookie': ({ admin, viewer }) =>
    reading(['Authorization', `Bearer ${admin}`], ['Cookie', `access_token=${viewer}`]),
};
