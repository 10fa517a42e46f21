import { DELIVERIES, type DeliveryId } from '../../cases/tokens/delivery-cases.ts';
import type { HeaderPair } from '../../agent/program/job.ts';
import type { OutgoingRequest } from '../requests/send-traced.ts';

/** Two good tokens, and one that only looks like it. */
interface Bearers {
  readonly alice: string;
  readonly bob: string;
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
  doubled: ({ alice, bob }) => authorization(`Bearer ${alice}`, `Bearer ${bob}`),
  'doubled-reversed': ({ alice, bob }) => authorization(`Bearer ${bob}`, `Bearer ${alice}`),
  'doubled-with-forged': ({ alice, forged }) => authorization(`Bearer ${alice}`, `Bearer ${forged}`),
  'doubled-forged-first': ({ alice, forged }) => authorization(`Bearer ${forged}`, `Bearer ${alice}`),
  'comma-joined': ({ alice, bob }) => authorization(`Bearer ${alice}, Bearer ${bob}`),
  'comma-joined-tokens': ({ alice, bob }) => authorization(`Bearer ${alice},${bob}`),
  'trailing-comma': ({ alice }) => authorization(`Bearer ${alice},`),
  'trailing-bytes': ({ alice }) => authorization(`Bearer ${alice} more`),
  'other-scheme': ({ alice }) => authorization(`Basic ${alice}`),
  'scheme-lower-case': ({ alice }) => authorization(`bearer ${alice}`),
  'scheme-upper-case': ({ alice }) => authorization(`BEARER ${alice}`),
  'no-scheme': ({ alice }) => authorization(alice),
  'two-blanks': ({ alice }) => authorization(`Bearer  ${alice}`),
  'proxy-authorization': ({ alice }) => reading(['Proxy-Authorization', `Bearer ${alice}`]),
  query: ({ alice }) => ({ method: 'GET', path: `${PATH}?access_token=${alice}` }),
  cookie: ({ alice }) => reading(['Cookie', `access_token=${alice}`]),
  form: ({ alice }) => ({
    method: 'POST',
    path: '/anything/admin',
    headers: [['Content-Type', 'application/x-www-form-urlencoded']],
    body: `access_token=${alice}`,
  }),
  'beside-a-cookie': ({ alice, bob }) =>
    reading(['Authorization', `Bearer ${alice}`], ['Cookie', `access_token=${bob}`]),
};
