import { describe, expect, it } from 'vitest';
import type { ShotRequest } from '../../../src/evidence/corpora.ts';
import type { AskedAgain } from '../../../src/evidence/asked-again.ts';
import { askAgain, type Outcome } from '../../../src/probe/requests/ask-again.ts';

function traced(change: Partial<ShotRequest> = {}): ShotRequest {
  return {
    status: 403,
    ended: 'data',
    headers: {},
    body: '',
    meshdevId: 'id',
    edge: undefined,
    gateway: undefined,
    sidecar: undefined,
    app: undefined,
    echo: undefined,
    appTimes: 0,
    hiddenTimes: 0,
    hiddenAtEdge: 0,
    hiddenAnswered: 0,
    durationMs: 1,
    connection: 'one',
    ...change,
  };
}

const APP = { userAgent: 'a', method: 'GET', uri: '/', status: 200 };
const lost: Outcome = { traced: traced(), silent: 'sidecar' };
const found: Outcome = { traced: traced({ sidecar: { status: '403' } }), silent: undefined };

async function ask(
  first: Readonly<Record<string, Outcome>>,
  second: Readonly<Record<string, Outcome>>,
  { left, may = true }: { readonly left?: number; readonly may?: boolean } = {},
) {
  const asked: AskedAgain[] = [];
  const sent: string[] = [];
  const outcomes = await askAgain(
    { asked, ...(left === undefined ? {} : { leftMs: () => left }) },
    new Map(Object.entries(first)),
    {
      may: () => may,
      send: async (requests) => {
        sent.push(...requests);
        return new Map(Object.entries(second));
      },
    },
  );
  return { asked, sent, outcomes: Object.fromEntries(outcomes) };
}

describe('a request whose record did not come', () => {
  it('is sent once more, is counted, and its second walk is judged', async () => {
    const { asked, sent, outcomes } = await ask({ eve: lost, bob: found }, { eve: found });
    expect(sent).toEqual(['eve']);
    expect(asked).toEqual([{ request: 'eve', lacked: 'sidecar' }]);
    expect(outcomes).toEqual({ eve: found, bob: found });
  });

  it('keeps its first walk where the second leaves the same gap', async () => {
    const { asked, outcomes } = await ask(
      { eve: lost },
      { eve: { ...lost, traced: traced({ durationMs: 2 }) } },
    );
    expect(outcomes['eve']).toBe(lost);
    expect(asked).toHaveLength(1);
  });

  it.each([
    ['accepted now', { traced: traced({ status: 200 }), silent: undefined }],
    ['refused with another status now', { traced: traced({ status: 401 }), silent: undefined }],
    ['not answered now', { traced: traced({ status: undefined }), silent: undefined }],
  ] satisfies [string, Outcome][])('keeps its first walk where it is %s', async (_what, second) => {
    expect((await ask({ eve: lost }, { eve: second })).outcomes['eve']).toBe(lost);
  });
});

describe('nothing is sent again', () => {
  const never: readonly (readonly [string, Outcome])[] = [
    ['all parties wrote', found],
    ['it came to the app around the sidecar', { traced: traced({ app: APP }), silent: 'sidecar' }],
    ['it came to the sidecar around the gateway', { traced: traced({ sidecar: {} }), silent: 'gateway' }],
    ['somebody without an echo accepted it', { traced: traced({ status: 200 }), silent: 'sidecar' }],
    [
      'somebody else’s echo came back',
      {
        traced: traced({ status: 200, echo: { headers: { 'x-meshdev-id': ['other'] } } }),
        silent: 'sidecar',
      },
    ],
  ];
  it.each(never)('where %s', async (_what, first) => {
    const { asked, sent, outcomes } = await ask({ eve: first }, { eve: found });
    expect({ asked, sent, outcomes }).toEqual({ asked: [], sent: [], outcomes: { eve: first } });
  });

  it('where many are missing: that is a party that does not write', async () => {
    const many = Object.fromEntries(['a', 'b', 'c', 'd'].map((id) => [id, lost]));
    expect((await ask(many, {})).sent).toEqual([]);
  });

  it('where its time would be over before the second record', async () => {
    expect((await ask({ eve: lost }, { eve: found }, { left: 5_000 })).sent).toEqual([]);
    expect((await ask({ eve: lost }, { eve: found }, { left: 500_000 })).sent).toEqual(['eve']);
  });

  it('where it must not be sent twice', async () => {
    expect((await ask({ eve: lost }, { eve: found }, { may: false })).sent).toEqual([]);
  });
});
