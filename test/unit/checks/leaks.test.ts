import { describe, expect, it } from 'vitest';
import type { Leak, LeakedLine, LogPlace } from '../../../src/evidence/exposure.ts';
import { leakVerdict } from '../../../src/checks/leaks.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';

const lab = createLab(DEFAULT_CHOICE);
const SEARCHED = [{ place: 'log of meshdev-demo-edge', bytes: 2048 }];
const UNTIL = Date.parse('2026-03-01T13:00:00Z');

const inLog = (log: LogPlace, line: Partial<LeakedLine> = {}): Leak => ({
  where: 'log of somebody',
  what: 'live access token of alice',
  token: { until: UNTIL },
  line: {
    log,
    at: '2026-03-01T12:00:00.123456Z',
    request: 'GET /x/REDACTED',
    id: 'id-1',
    times: 1,
    ...line,
  },
});
const EDGE = inLog({ kind: 'container', name: 'meshdev-demo-edge' });
const APP = inLog({ kind: 'pod', namespace: 'apps', pod: 'httpbin-1', container: 'app' }, { times: 3 });

const verdictOf = (found: readonly Leak[]) => leakVerdict({ found, searched: SEARCHED, dead: 0 }, lab);

describe('a token that would be accepted now, in a log', () => {
  it('is named with the request that left it there, and until when it is accepted', () => {
    expect(verdictOf([EDGE])).toMatchObject({
      kind: 'fail',
      code: 'EXPO_SECRET_LEAKED',
      message:
        'live access token of alice in the log of somebody: GET /x/REDACTED of 2026-03-01T12:00:00Z, request id-1, accepted until 2026-03-01T13:00:00Z',
    });
    expect(verdictOf([APP])).toMatchObject({ message: expect.stringContaining('and in 2 more lines') });
  });

  it('costs the log that it is in, and no more of the lab', () => {
    const find =
      "docker exec meshdev-demo-control-plane find /var/log/pods -path '*/apps_httpbin-1_*/app/*' -exec truncate -s 0 {} +";
    expect(verdictOf([EDGE, APP])).toMatchObject({
      remedies: ['docker rm -f meshdev-demo-edge', 'meshdev up', find, 'meshdev check MD-EXPO-010'],
    });
    expect(verdictOf([inLog({ kind: 'journal' })])).toMatchObject({
      remedies: [
        'meshdev up',
        'docker exec meshdev-demo-control-plane journalctl --rotate --vacuum-time=1s',
        'meshdev check MD-EXPO-010',
      ],
    });
  });

  it('beside a secret that does not end costs the lab', () => {
    const { token: _, ...password } = { ...EDGE, what: 'password of alice' };
    expect(verdictOf([EDGE, password])).toMatchObject({ remedies: ['meshdev down', 'meshdev up'] });
  });
});

describe('logs without one', () => {
  it('say what was read, and what was seen that nobody accepts', () => {
    const searched = [...SEARCHED, { place: 'log of apps/httpbin-1 app', bytes: 0, partly: true } as const];
    expect(leakVerdict({ found: [], searched, dead: 2 }, lab)).toMatchObject({
      kind: 'pass',
      because:
        '2 places, 2 KiB; no component accepts the 2 tokens in logs; only the newest part of log of apps/httpbin-1 app',
    });
  });

  it('prove nothing when nothing could be read', () => {
    expect(leakVerdict({ found: [], searched: [], dead: 0 }, lab)).toMatchObject({ kind: 'unknown' });
  });
});
