import type { EvidenceMap } from '../../../src/evidence/evidence-map.ts';
import type { OwnRequest, SessionGiven } from '../../../src/evidence/own-answers.ts';
import { type Break, edgeWire } from '../../support/break-evidence.ts';
import { data, ended } from '../../support/wires.ts';
import { row, type Row } from './expected.ts';

type Known = NonNullable<OwnRequest['edge']>;

function own(id: string, change: (traced: OwnRequest) => Partial<OwnRequest>): Break {
  return (all) => ({
    ...all,
    'edge.own': all['edge.own'].map((one) => (one.case.id === id ? { ...one, ...change(one) } : one)),
  });
}

function sessions(change: Partial<SessionGiven>): Break {
  return (all) => ({ ...all, 'edge.sessions': all['edge.sessions'].map((one) => ({ ...one, ...change })) });
}

/** What the edge answers by itself, sessions, and HSTS. */
export function ownRows(): readonly Row[] {
  const otherwise = { 'MD-EDGE-017': 'fail EDGE_ANSWERS_OTHERWISE' } as const;
  const record = (all: EvidenceMap): Known | undefined =>
    all['edge.own'].find(({ edge }) => edge !== undefined)?.edge;
  return [
    row(
      'OPTIONS * is answered with a text',
      own('options', () => ({ wire: data({ status: 200, body: 'hi' }) })),
      otherwise,
    ),
    row(
      'OPTIONS * goes to the gateway',
      own('options-h2', () => ({ isBehind: true })),
      otherwise,
    ),
    row(
      'OPTIONS * is recorded, and the list does not know',
      (all) => own('options', () => ({ edge: record(all) }))(all),
      otherwise,
    ),
    row(
      'a refusal comes from behind the edge',
      own('no-path', ({ wire }) => ({ wire: { ...wire, headers: { via: '1.1 Caddy' } } })),
      otherwise,
    ),
    row(
      'a body that is shorter than its length is the gateway’s fault',
      own('length-too-long', () => ({ wire: data({ status: 502, body: '502 Bad Gateway' }) })),
      otherwise,
    ),
    row(
      'a body that is shorter than its length is answered by the app',
      own('length-too-long', () => ({ wire: data({ status: 200, headers: { via: '2.0 Caddy' } }) })),
      otherwise,
    ),
    row(
      'an unknown host leaves no record',
      own('host-unknown', () => ({ edge: undefined })),
      {
        'MD-EDGE-017': 'fail EDGE_UNRECORDED',
      },
    ),
    row(
      'plain HTTP gets another text',
      own('plain-http', () => ({ first: 'HTTP/1.1 200 OK' })),
      otherwise,
    ),
    row(
      'TLS 1.2 ends in another alert',
      own('tls-too-old', () => ({ wire: ended('alert', 'decode_error') })),
      otherwise,
    ),
    row(
      'bytes that are no TLS are answered',
      own('no-tls', () => ({ wire: data() })),
      otherwise,
    ),
    row(
      'the edge was not there for one of them',
      own('version', () => ({ wire: ended('timeout') })),
      {
        'MD-EDGE-017': 'unknown NO_ANSWER',
      },
    ),
    row('nothing of the list was sent', (all) => ({ ...all, 'edge.own': [] }), {
      'MD-EDGE-017': 'unknown CASE_NOT_RUN',
    }),
    row('the edge gives a session', sessions({ given: true }), {
      'MD-EDGE-018': 'fail EDGE_RESUMES_ACROSS',
    }),
    row('no answer came, so no session would have', sessions({ error: 'ECONNREFUSED' }), {
      'MD-EDGE-018': 'unknown NO_ANSWER',
    }),
    row(
      'the edge pins a name to HTTPS',
      edgeWire((wires) => ({
        ...wires,
        auth: { ...wires.auth, headers: { ...wires.auth.headers, 'strict-transport-security': 'max-age=1' } },
      })),
      { 'MD-EDGE-019': 'fail EDGE_PINS_HTTPS' },
    ),
  ];
}
