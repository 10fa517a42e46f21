import { describe, expect, it } from 'vitest';
import { eachCase, fail, pass, unknown } from '../../../src/checks/check.ts';
import type { CollectService } from '../../../src/evidence/service-evidence.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { exposed, labWith, ORDERS, STOCK } from '../../support/own-services.ts';
import { runSmall, says, told } from '../../support/service-checks.ts';

const RED = fail('EDGE_ALPN', 'seen', ['meshdev up', 'meshdev kubectl get pods']);
const CASES = eachCase([
  ['alg-none', pass()],
  ['expired', RED],
]);

describe('a check with a judge for services', () => {
  const first = says('MD-T-001', { services: {} });
  const second = says('MD-T-002', { services: { orders: CASES } });

  it('is judged of the lab first, then of each service in the order of the lab', async () => {
    expect(told(await runSmall([first, second]))).toEqual([
      'MD-T-001 pass',
      'MD-T-001[orders] pass',
      'MD-T-001[stock] pass',
      'MD-T-002 pass',
      'MD-T-002[orders/alg-none] pass',
      'MD-T-002[orders/expired] fail EDGE_ALPN',
      'MD-T-002[stock] pass',
    ]);
  });

  it('names the service of each result, and none where it is about the lab', async () => {
    const { checks } = await runSmall([first]);
    expect(checks.map((result) => ('service' in result ? result.service : 'lab'))).toEqual([
      'lab',
      'orders',
      'stock',
    ]);
  });

  it('is not judged of the services of the sample', async () => {
    const lab = createLab(DEFAULT_CHOICE);
    expect(told(await runSmall([first, second], { lab }))).toEqual(['MD-T-001 pass', 'MD-T-002 pass']);
  });

  it('is judged of the lab alone where nobody gathers evidence of services', async () => {
    const report = await runSmall([first], { collectService: undefined });
    expect(told(report)).toEqual(['MD-T-001 pass']);
    expect(report).not.toHaveProperty('services');
  });

  it('about exposed services leaves out those without a host', async () => {
    const check = says('MD-T-001', { services: {} }, {}, { scope: 'exposed' });
    expect(told(await runSmall([check]))).toEqual(['MD-T-001 pass', 'MD-T-001[orders] pass']);
  });

  it('hands the judge its own service and the evidence of it', async () => {
    const seen: unknown[] = [];
    const check = says(
      'MD-T-001',
      { services: {} },
      {},
      {
        judge: (found, { service }) => {
          seen.push([service.id, found['service.tokens']]);
          return pass();
        },
      },
    );
    await runSmall([check], { collectService: async ({ id }) => `tokens of ${id}` });
    expect(seen).toEqual([
      ['orders', 'tokens of orders'],
      ['stock', 'tokens of stock'],
    ]);
  });
});

describe('evidence of services', () => {
  const one = says('MD-T-001', { services: {} });
  const two = says('MD-T-002', { services: {} }, {}, { evidence: ['service.control', 'service.tokens'] });

  it('is asked for once for each key and service', async () => {
    const asked: string[] = [];
    const counting: CollectService = async ({ id }, key) => asked.push(`${id} ${key}`);
    await runSmall([one, two], { collectService: counting });
    expect(asked.toSorted()).toEqual([
      'orders service.control',
      'orders service.tokens',
      'stock service.control',
      'stock service.tokens',
    ]);
  });

  it('that cannot be had makes what reads it unknown, of that service alone', async () => {
    const failing: CollectService = async ({ id }, key) => {
      if (id === 'orders' && key === 'service.control') throw new Error('the pod is gone');
      return [];
    };
    const report = await runSmall([one, two], { collectService: failing });
    expect(told(report)).toEqual([
      'MD-T-001 pass',
      'MD-T-001[orders] pass',
      'MD-T-001[stock] pass',
      'MD-T-002 pass',
      'MD-T-002[orders] unknown EVIDENCE_MISSING',
      'MD-T-002[stock] pass',
    ]);
    expect(report.checks[4]?.verdict).toMatchObject({
      message: 'no evidence: service.control: the pod is gone',
    });
  });

  it('that a judge cannot read makes that check of that service unknown', async () => {
    const broken = says(
      'MD-T-001',
      { services: {} },
      {},
      {
        judge: (_, { service }) => {
          if (service.id === 'stock') throw new Error('not a certificate');
          return pass();
        },
      },
    );
    expect(told(await runSmall([broken]))).toEqual([
      'MD-T-001 pass',
      'MD-T-001[orders] pass',
      'MD-T-001[stock] unknown EVIDENCE_UNREADABLE',
    ]);
  });
});

describe('the report', () => {
  it('counts the verdicts of each service, and says which of its links is broken', async () => {
    const gate = says('MD-T-001', { services: { stock: RED } }, { blocking: true, hop: 'sidecar->app' });
    const cases = says('MD-T-002', { services: { orders: CASES, stock: unknown('TIMED_OUT', 'x') } });
    const report = await runSmall([gate, cases]);
    expect(report.firstBroken).toBeNull();
    expect(report.services).toEqual([
      { service: 'orders', firstBroken: null, pass: 2, warn: 0, fail: 1, unknown: 0, skip: 0 },
      {
        service: 'stock',
        firstBroken: { hop: 'sidecar->app', id: 'MD-T-001', message: 'seen' },
        pass: 0,
        warn: 0,
        fail: 1,
        unknown: 1,
        skip: 0,
      },
    ]);
    expect(report.summary).toMatchObject({ pass: 4, fail: 2, unknown: 1, exitCode: 1 });
  });

  it('has remedies that name a lab that is not the default one', async () => {
    const lab = labWith([ORDERS, STOCK], { ...DEFAULT_CHOICE, name: 'blue' });
    const { checks } = await runSmall([says('MD-T-001', { services: { orders: RED } })], { lab });
    expect(checks[1]?.verdict).toMatchObject({
      remedies: ['meshdev up --name blue', 'meshdev kubectl --name blue get pods'],
    });
  });

  it('has the control that is asked of the service', async () => {
    const negative = { polarity: 'negative', control: 'MD-T-001' } as const;
    const own = { control: 'MD-T-003' } as const;
    const { checks } = await runSmall([says('MD-T-002', { services: {} }, negative, own)]);
    expect(checks.map(({ control }) => control)).toEqual(['MD-T-001', 'MD-T-003', 'MD-T-003']);
  });
});

describe('progress', () => {
  it('counts a check when it is judged of the lab and of each service', async () => {
    const late = Promise.withResolvers<void>();
    const seen: string[] = [];
    const running = runSmall([says('MD-T-001', { services: {} }), says('MD-T-002', {}, { hop: 'lab' })], {
      lab: labWith([ORDERS, STOCK, exposed('web')]),
      collectService: async ({ id }) => (id === 'web' ? late.promise : []),
      progress: ({ judged, checks, open }) => {
        seen.push(`${judged}/${checks} ${[...open].map((entry) => entry.join(' ')).join(', ')}`);
        if (judged === 1) late.resolve();
      },
    });
    await running;
    expect(seen).toEqual(['0/2 client->edge 1, lab 1', '1/2 client->edge 1', '2/2 ']);
  });

  it('keeps what was judged of one service when the run is ended before the next', async () => {
    const late = Promise.withResolvers<void>();
    const over = { now: false };
    const check = says('MD-T-001', { services: {} });
    const report = await runSmall([says('MD-T-002', {}), check], {
      collectService: async ({ id }) => (id === 'stock' ? late.promise : []),
      interrupted: () => over.now && 130,
      progress: ({ judged }) => {
        if (judged !== 1) return;
        setTimeout(() => {
          over.now = true;
          late.resolve();
        }, 5);
      },
    });
    expect(told(report)).toEqual([
      'MD-T-002 pass',
      'MD-T-001 pass',
      'MD-T-001[orders] pass',
      'MD-T-001[stock] unknown INTERRUPTED',
    ]);
  });
});
