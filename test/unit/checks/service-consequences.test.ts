import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AnyCheck, fail, pass, skip, unknown, warn } from '../../../src/checks/check.ts';
import type { CheckReport, Verdict } from '../../../src/checks/verdict.ts';
import { nameOf } from '../../../src/checks/verdict.ts';
import { AS_MADE, FOREIGN_OBJECTS } from '../../../src/checks/foreign-remedies.ts';
import { HOP_IDS } from '../../../src/topology/hop.ts';
import { runSmall, says, told } from '../../support/service-checks.ts';

const RED = fail('EDGE_NOT_SERVING', 'down');
const NEGATIVE = { polarity: 'negative', control: 'MD-T-001' } as const;

describe('a negative of a service', () => {
  const control = (services: Readonly<Record<string, Verdict>>, lab: Verdict = pass()) =>
    says('MD-T-001', { lab, services });

  it('proves nothing while the control of that very service is red', async () => {
    const report = await runSmall([control({ orders: RED }), says('MD-T-002', { services: {} }, NEGATIVE)]);
    expect(told(report).slice(3)).toEqual([
      'MD-T-002 pass',
      'MD-T-002[orders] unknown CONTROL_NOT_GREEN',
      'MD-T-002[stock] pass',
    ]);
    expect(report.checks[4]?.verdict).toMatchObject({
      message: 'refused, but its positive control MD-T-001[orders] is fail, so the refusal is not evidence',
    });
  });

  it('stands on its own control, whatever that of the lab is, and the other way round', async () => {
    const report = await runSmall([control({}, RED), says('MD-T-002', { services: {} }, NEGATIVE)]);
    expect(told(report).slice(3)).toEqual([
      'MD-T-002 unknown CONTROL_NOT_GREEN',
      'MD-T-002[orders] pass',
      'MD-T-002[stock] pass',
    ]);
  });

  it('proves nothing where its control has no judge for services', async () => {
    const report = await runSmall([says('MD-T-001', {}), says('MD-T-002', { services: {} }, NEGATIVE)]);
    expect(told(report).slice(1)).toEqual([
      'MD-T-002 pass',
      'MD-T-002[orders] unknown CONTROL_NOT_JUDGED',
      'MD-T-002[stock] unknown CONTROL_NOT_JUDGED',
    ]);
  });

  it('stands on the control that its judge names', async () => {
    const own = says('MD-T-003', { services: { stock: RED } });
    const negative = says('MD-T-002', { services: {} }, NEGATIVE, { control: 'MD-T-003' });
    expect(told(await runSmall([control({ orders: RED }), own, negative])).slice(6)).toEqual([
      'MD-T-002 pass',
      'MD-T-002[orders] pass',
      'MD-T-002[stock] unknown CONTROL_NOT_GREEN',
    ]);
  });
});

describe('the honest request of a service that failed', () => {
  const honest = says('MD-T-001', { services: { orders: RED } }, { blocking: true, hop: 'lab' });
  const unseen = { orders: unknown('NO_RECORD', ''), stock: unknown('NO_RECORD', '') };

  it('hides what was not seen of that service on every hop, and nothing of others', async () => {
    const report = await runSmall([
      honest,
      says('MD-T-002', { lab: unknown('NO_RECORD', ''), services: unseen }, { hop: 'gateway->sidecar' }),
    ]);
    expect(told(report).slice(3)).toEqual([
      'MD-T-002 unknown NO_RECORD',
      'MD-T-002[orders] unknown BEHIND_BROKEN_LINK',
      'MD-T-002[stock] unknown NO_RECORD',
    ]);
    expect(report.checks[4]?.verdict).toMatchObject({
      message: 'MD-T-001[orders] failed on the way to the app',
    });
  });

  it('hides neither a finding nor what was seen', async () => {
    const report = await runSmall([
      honest,
      says('MD-T-002', { services: { orders: fail('RBAC_TOO_WIDE', 'open') } }, { hop: 'gateway->sidecar' }),
      says('MD-T-003', { services: {} }, { hop: 'gateway->sidecar' }),
    ]);
    expect(told(report)).toContain('MD-T-002[orders] fail RBAC_TOO_WIDE');
    expect(told(report)).toContain('MD-T-003[orders] pass');
  });
});

describe('a blocking check that failed', () => {
  const rest = (hop: AnyCheck['hop']) => [
    says('MD-T-002', { services: {} }, { hop }),
    says(
      'MD-T-003',
      { lab: unknown('TIMED_OUT', ''), services: { orders: unknown('TIMED_OUT', '') } },
      { hop },
    ),
  ];

  it('of one service hides only what is behind it of the same service', async () => {
    const gate = says('MD-T-001', { services: { orders: RED } }, { blocking: true, hop: 'gateway->sidecar' });
    const report = await runSmall([gate, ...rest('gateway->sidecar')]);
    expect(told(report)).toEqual([
      'MD-T-001 pass',
      'MD-T-001[orders] fail EDGE_NOT_SERVING',
      'MD-T-001[stock] pass',
      'MD-T-002 pass',
      'MD-T-002[orders] skip',
      'MD-T-002[stock] pass',
      'MD-T-003 unknown TIMED_OUT',
      'MD-T-003[orders] unknown BEHIND_BROKEN_LINK',
      'MD-T-003[stock] pass',
    ]);
    expect(report.checks[4]?.verdict).toEqual({
      kind: 'skip',
      because: 'MD-T-001[orders] failed on this hop',
    });
    expect(report.firstBroken).toBeNull();
  });

  it.each(['client->edge', 'edge->idp', 'edge->gateway'] as const)(
    'of the lab on %s hides what is behind it of every service',
    async (hop) => {
      const gate = says('MD-T-001', { lab: RED }, { blocking: true, hop });
      expect(told(await runSmall([gate, ...rest(hop)])).slice(1)).toEqual([
        'MD-T-002 skip',
        'MD-T-002[orders] skip',
        'MD-T-002[stock] skip',
        'MD-T-003 unknown BEHIND_BROKEN_LINK',
        'MD-T-003[orders] unknown BEHIND_BROKEN_LINK',
        'MD-T-003[stock] skip',
      ]);
    },
  );

  it.each(['gateway->sidecar', 'sidecar->app'] as const)(
    'of the sample on %s hides nothing of a service',
    async (hop) => {
      const gate = says('MD-T-001', { lab: RED }, { blocking: true, hop });
      expect(told(await runSmall([gate, ...rest(hop)])).slice(1)).toEqual([
        'MD-T-002 skip',
        'MD-T-002[orders] pass',
        'MD-T-002[stock] pass',
        'MD-T-003 unknown BEHIND_BROKEN_LINK',
        'MD-T-003[orders] unknown TIMED_OUT',
        'MD-T-003[stock] pass',
      ]);
    },
  );
});

describe('what is foreign', () => {
  const removal = warn('EDGE_ALPN', 'x', ['meshdev kubectl delete pod x']);
  const red = says(
    'MD-T-001',
    { lab: fail('EDGE_ALPN', ''), services: { orders: RED, stock: RED } },
    {
      hop: 'gateway->sidecar',
    },
  );
  const remedies = ({ checks }: CheckReport) =>
    checks
      .filter(({ id }) => id === 'MD-T-001')
      .map(({ verdict }) => ('remedies' in verdict ? verdict.remedies : []));

  it('of one service changes the remedies of that service alone', async () => {
    const report = await runSmall([
      says(AS_MADE, { services: {} }),
      says(FOREIGN_OBJECTS, { services: { orders: removal } }),
      red,
    ]);
    expect(remedies(report)).toEqual([['meshdev up'], ['meshdev kubectl delete pod x'], ['meshdev up']]);
  });

  it('is no remedy of a service that up repairs', async () => {
    const report = await runSmall([
      says(AS_MADE, { services: { orders: fail('EDGE_ALPN', '') } }),
      says(FOREIGN_OBJECTS, { lab: removal }),
      red,
    ]);
    expect(remedies(report)).toEqual([
      ['meshdev kubectl delete pod x'],
      ['meshdev up'],
      ['meshdev kubectl delete pod x'],
    ]);
  });
});

/** What is said of each check, by whom it is about. */
type Said = readonly Readonly<Record<'lab' | 'orders' | 'stock', Verdict>>[];

const verdict = fc.constantFrom<Verdict>(
  pass(),
  RED,
  fail('REFUSED_ELSEWHERE', 'the edge refused'),
  warn('EDGE_ALPN', 'late'),
  unknown('TIMED_OUT', 'no answer'),
  skip('not available'),
);
const HOPS: readonly AnyCheck['hop'][] = ['host', ...HOP_IDS, 'lab'];
const COUNT = 2 * HOPS.length;

/** On each hop a check that blocks or is a control, and a negative that has it as its control. */
function checksOf(said: Said): readonly AnyCheck[] {
  return said.map(({ lab, orders, stock }, at) => {
    const hop = HOPS[at % HOPS.length] ?? 'lab';
    const isNegative = at >= HOPS.length;
    const more = isNegative
      ? ({ hop, polarity: 'negative', control: `MD-T-${at - HOPS.length}` } as const)
      : { hop, blocking: at % 2 === 0 };
    return says(`MD-T-${at}`, { lab, services: { orders, stock } }, more);
  });
}

const said = fc.array(fc.record({ lab: verdict, orders: verdict, stock: verdict }), {
  minLength: COUNT,
  maxLength: COUNT,
});

/** Verdicts about one subject, as the report has them. */
function about({ checks }: CheckReport, service: string | undefined): Readonly<Record<string, Verdict>> {
  const own = checks.filter((result) => result.service === service);
  return Object.fromEntries(own.map((result) => [nameOf(result), result.verdict]));
}

describe('whatever is judged', () => {
  it('of one service turns no verdict of another, nor of the lab', async () => {
    await fc.assert(
      fc.asyncProperty(
        said,
        fc.array(verdict, { minLength: COUNT, maxLength: COUNT }),
        async (one, others) => {
          const two = one.map((each, at) => ({ ...each, orders: others[at] ?? each.orders }));
          const [before, after] = [await runSmall(checksOf(one)), await runSmall(checksOf(two))];
          for (const subject of [undefined, 'stock'])
            expect(about(after, subject)).toEqual(about(before, subject));
          expect(after.firstBroken).toEqual(before.firstBroken);
        },
      ),
    );
  });

  it('of the sample behind the gateway turns no verdict of a service', async () => {
    const own = new Set<AnyCheck['hop']>(['gateway->sidecar', 'sidecar->app']);
    await fc.assert(
      fc.asyncProperty(
        said,
        fc.array(verdict, { minLength: COUNT, maxLength: COUNT }),
        async (one, others) => {
          const two = one.map((each, at) =>
            own.has(HOPS[at % HOPS.length] ?? 'lab') ? { ...each, lab: others[at] ?? each.lab } : each,
          );
          const [before, after] = [await runSmall(checksOf(one)), await runSmall(checksOf(two))];
          for (const subject of ['orders', 'stock'])
            expect(about(after, subject)).toEqual(about(before, subject));
        },
      ),
    );
  });

  it('a service that is broken is red, and the rest of a healthy lab is green', async () => {
    const green = { lab: pass(), orders: pass(), stock: pass() };
    await fc.assert(
      fc.asyncProperty(fc.array(verdict, { minLength: COUNT, maxLength: COUNT }), async (broken) => {
        const { checks } = await runSmall(checksOf(broken.map((orders) => ({ ...green, orders }))));
        const turned = checks
          .filter(({ verdict: { kind } }) => kind !== 'pass')
          .map(({ service }) => service);
        expect(turned.filter((service) => service !== 'orders')).toEqual([]);
        expect(turned.length).toBeGreaterThanOrEqual(broken.filter(({ kind }) => kind === 'fail').length);
      }),
    );
  });
});
