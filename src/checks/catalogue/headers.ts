import { type AnyCheck, defineCheck, fail, pass, unknown } from '../check.ts';
import { walkSeen } from '../describe.ts';
import { peerVerdict } from '../peer.ts';
import { FORGED } from '../walks.ts';

export const HEADER_CHECKS: readonly AnyCheck[] = [
  defineCheck({
    id: 'MD-HDR-001',
    title: 'client address, protocol and host at the app are the edge’s, whatever the client claimed',
    means: 'address rules are fooled; redirects go wrong',
    lookAt: '`request_header` lines of the edge',
    hop: 'client->edge',
    polarity: 'negative',
    refuser: 'edge',
    control: 'MD-CONT-001',
    blocking: false,
    evidence: ['walks'],
    judge: ({ walks: { spoofed } }, { lab }) => {
      if (spoofed.echo === undefined)
        return unknown('NO_ECHO', `the spoofed request did not come back from the app: ${walkSeen(spoofed)}`);
      const { headers } = spoofed.echo;
      const said = JSON.stringify(headers);
      for (const canary of [FORGED.address, FORGED.host]) {
        if (said.includes(canary))
          return fail('HDR_CLAIM_ARRIVED', `the app received ${canary}, which the client made up`);
      }
      if (spoofed.edge === undefined)
        return unknown('NO_RECORD', `the edge has no record of the spoofed request: ${walkSeen(spoofed)}`);
      const received = {
        'x-forwarded-for': headers['x-forwarded-for']?.join(',').split(',')[0]?.trim(),
        'x-forwarded-proto': headers['x-forwarded-proto']?.join(','),
        'x-forwarded-host': headers['x-forwarded-host']?.join(','),
      };
      const wanted = {
        'x-forwarded-for': spoofed.edge.clientIp,
        'x-forwarded-proto': 'https',
        'x-forwarded-host': new URL(lab.audience).host,
      };
      const wrong = differences(received, wanted);
      return wrong === '' ? pass(JSON.stringify(received)) : fail('HDR_NOT_THE_EDGES', `at the app ${wrong}`);
    },
  }),
  defineCheck({
    id: 'MD-HDR-002',
    title: 'a client’s XFCC never reaches the app',
    means: 'a client writes its own identity',
    lookAt: '`request_header` lines of the edge',
    hop: 'client->edge',
    polarity: 'negative',
    refuser: 'edge',
    control: 'MD-CONT-003',
    blocking: false,
    evidence: ['walks'],
    judge: ({ walks: { spoofed } }, { lab }) => {
      if (spoofed.echo === undefined)
        return unknown('NO_ECHO', `the spoofed request did not come back from the app: ${walkSeen(spoofed)}`);
      const xfcc = spoofed.echo.headers['x-forwarded-client-cert']?.join(',') ?? '';
      if (xfcc.includes(FORGED.spiffe))
        return fail('HDR_XFCC_SPOOFED', `the app received the client's own XFCC: ${xfcc}`);
      return peerVerdict(spoofed.echo, lab.workloads.gateway, lab.workloads.httpbin);
    },
  }),
  defineCheck({
    id: 'MD-HDR-003',
    title: 'a client’s x-envoy-* control headers and x-meshdev-id change nothing behind the edge',
    means: 'timeouts, paths or request ids can be set from outside',
    lookAt: '`request_header` lines of the edge',
    hop: 'client->edge',
    polarity: 'negative',
    refuser: 'edge',
    control: 'MD-CONT-001',
    blocking: false,
    evidence: ['walks'],
    judge: ({ walks: { spoofed } }) => {
      const { gateway, echo } = spoofed;
      // First: with the client's id on it, the gateway's record is not found under the edge's.
      const ids = [gateway?.meshdev_id, ...(echo?.headers['x-meshdev-id'] ?? [])];
      if (ids.includes(FORGED.id))
        return fail('HDR_ID_SPOOFED', `the client's own id ${FORGED.id} went behind the edge`);
      if (gateway === undefined)
        return unknown('NO_RECORD', `the spoofed request left no record: ${walkSeen(spoofed)}`);
      // 1 ms is all that the forged timeout leaves the app.
      if (gateway.response_flags?.split(',').includes('UT') === true)
        return fail(
          'HDR_CONTROL_ARRIVED',
          'the gateway obeyed the x-envoy-upstream-rq-timeout-ms of the client',
        );
      if (echo === undefined)
        return unknown('NO_ECHO', `the spoofed request did not come back from the app: ${walkSeen(spoofed)}`);
      if (gateway.path !== '/headers')
        return fail(
          'HDR_CONTROL_ARRIVED',
          `the gateway took ${gateway.path ?? 'nothing'} for the original path`,
        );
      const arrived = ['x-envoy-upstream-rq-timeout-ms', 'x-envoy-original-path'].flatMap(
        (name) => echo.headers[name]?.map((value) => `${name}: ${value}`) ?? [],
      );
      return arrived.length === 0
        ? pass()
        : fail('HDR_CONTROL_ARRIVED', `${arrived.join(', ')} arrived at the app`);
    },
  }),
];

type Received = Readonly<Record<string, string | undefined>>;

function differences(received: Received, wanted: Readonly<Record<string, string>>): string {
  const wrong = Object.entries(wanted).filter(([name, value]) => received[name] !== value);
  return wrong
    .map(([name, value]) => `${name} is ${received[name] ?? 'absent'}, wanted ${value}`)
    .join(' · ');
}
