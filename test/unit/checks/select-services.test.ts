import { describe, expect, it } from 'vitest';
import { type AnyCheck, eachCase, pass, skip } from '../../../src/checks/check.ts';
import { type Among, select } from '../../../src/checks/select.ts';
import { readServices } from '../../../src/checks/selector.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { ORDERS, STOCK, TWO_SERVICES } from '../../support/own-services.ts';
import { runSmall, says, told } from '../../support/service-checks.ts';

const CASES = eachCase([
  ['alg-none', pass()],
  ['expired', pass()],
]);
const NEGATIVE = { polarity: 'negative', control: 'MD-JWT-001', hop: 'sidecar->app' } as const;
const SERVICES = [ORDERS, STOCK];
/** A control, a negative with cases, a check of exposed services, and one of the lab alone. */
const CHECKS: readonly AnyCheck[] = [
  says('MD-JWT-001', { services: {} }),
  says('MD-JWT-010', { lab: CASES, services: { orders: CASES, stock: CASES } }, NEGATIVE),
  says('MD-EDGE-003', { services: {} }, {}, { scope: 'exposed' }),
  says('MD-EDGE-001', {}),
];

async function names(
  selectors: readonly string[],
  skipped: readonly string[] = [],
  among: Among = {},
): Promise<readonly string[]> {
  return told(await runSmall(select(CHECKS, selectors, skipped, { services: SERVICES, ...among })));
}

describe('a selection', () => {
  it('of nothing is the catalogue as it is', () => {
    expect(select(CHECKS, [], [], { services: SERVICES })).toEqual(CHECKS);
    for (const [at, check] of select(CHECKS, [], [], { services: SERVICES }).entries())
      expect(check).toBe(CHECKS[at]);
  });

  it('of a check has its services, with their controls', async () => {
    expect(await names(['MD-JWT-010'])).toEqual([
      'MD-JWT-001 pass',
      'MD-JWT-001[orders] pass',
      'MD-JWT-001[stock] pass',
      'MD-JWT-010[alg-none] pass',
      'MD-JWT-010[expired] pass',
      'MD-JWT-010[orders/alg-none] pass',
      'MD-JWT-010[orders/expired] pass',
      'MD-JWT-010[stock/alg-none] pass',
      'MD-JWT-010[stock/expired] pass',
    ]);
  });

  it('of a case of one service is that alone, with the control of that service', async () => {
    for (const selector of ['MD-JWT-010[orders/alg-none]', 'md-jwt-010[ORDERS/ALG-NONE]'])
      expect(await names([selector])).toEqual([
        'MD-JWT-001[orders] pass',
        'MD-JWT-010[orders/alg-none] pass',
      ]);
  });

  it('of one service is all of its cases', async () => {
    expect(await names(['MD-JWT-010[stock]'])).toEqual([
      'MD-JWT-001[stock] pass',
      'MD-JWT-010[stock/alg-none] pass',
      'MD-JWT-010[stock/expired] pass',
    ]);
  });

  it('of a case without a service is one of the lab', async () => {
    expect(await names(['MD-JWT-010[alg-none]'])).toEqual(['MD-JWT-001 pass', 'MD-JWT-010[alg-none] pass']);
  });

  it('can mix them, and a check as a whole is not narrowed', async () => {
    expect(await names(['MD-JWT-010[orders/alg-none]', 'MD-JWT-001[stock]', 'MD-EDGE-003'])).toEqual([
      'MD-JWT-001[orders] pass',
      'MD-JWT-001[stock] pass',
      'MD-JWT-010[orders/alg-none] pass',
      'MD-EDGE-003 pass',
      'MD-EDGE-003[orders] pass',
    ]);
    expect(await names(['MD-EDGE-003[orders]', 'MD-EDGE-003'])).toEqual([
      'MD-EDGE-003 pass',
      'MD-EDGE-003[orders] pass',
    ]);
  });

  it('of a case that a service does not have is unknown, and names what it has', async () => {
    const checks = select(CHECKS, ['MD-JWT-010[orders/alg-nome]'], [], { services: SERVICES });
    const { checks: results } = await runSmall(checks);
    expect(results.at(-1)).toMatchObject({
      service: 'orders',
      case: 'alg-nome',
      verdict: {
        code: 'CASE_NOT_RUN',
        message: 'MD-JWT-010 has no case alg-nome of service orders; it has alg-none',
        remedies: ['meshdev check MD-JWT-010 --service orders --verbose'],
      },
    });
  });

  it('of a case of a service that could not be judged says why', async () => {
    const checks = [says('MD-JWT-010', { services: { orders: skip('it has no honest request') } })];
    const chosen = select(checks, ['MD-JWT-010[orders/expired]'], [], { services: SERVICES });
    expect((await runSmall(chosen)).checks.map(({ verdict }) => verdict)).toEqual([
      { kind: 'skip', because: 'it has no honest request' },
    ]);
  });

  it('of a service that there is not is an error of usage with a suggestion', async () => {
    await expect(names(['MD-JWT-010[order/alg-none]'])).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('no service "order"; did you mean orders?'),
      remedies: ['meshdev check --service orders'],
    });
  });

  it('of a check that is not judged of that service is one too', async () => {
    for (const selector of ['MD-EDGE-001[orders/x]', 'MD-EDGE-003[stock/x]'])
      await expect(names([selector])).rejects.toMatchObject({
        code: 'USAGE',
        message: expect.stringMatching(/MD-EDGE-00\d is not judged of service (orders|stock)/),
      });
  });
});

describe('--service', () => {
  it('leaves only the results of that service', async () => {
    expect(await names([], [], { only: ['orders'] })).toEqual([
      'MD-JWT-001[orders] pass',
      'MD-JWT-010[orders/alg-none] pass',
      'MD-JWT-010[orders/expired] pass',
      'MD-EDGE-003[orders] pass',
    ]);
  });

  it('of two leaves the results of both', async () => {
    expect(await names(['MD-JWT-010[expired]'], [], { only: ['stock', 'orders'] })).toEqual([
      'MD-JWT-001[orders] pass',
      'MD-JWT-001[stock] pass',
      'MD-JWT-010[orders/expired] pass',
      'MD-JWT-010[stock/expired] pass',
    ]);
  });

  it('that leaves nothing of a selection is an error of usage', async () => {
    for (const [selector, only] of [
      ['MD-EDGE-001', 'orders'],
      ['MD-EDGE-003', 'stock'],
    ] as const)
      await expect(names([selector], [], { only: [only] })).rejects.toMatchObject({
        code: 'USAGE',
        message: `selecting checks: none of the selected checks is judged of service ${only}`,
      });
  });

  it('takes services of meshdev.yaml, each once', () => {
    expect(readServices(['stock', 'orders', 'stock'], TWO_SERVICES)).toEqual(['stock', 'orders']);
  });

  it('refuses a name that the lab does not have, with what is spelt like it', () => {
    const refused = (name: string, lab = TWO_SERVICES) => {
      try {
        return readServices([name], lab);
      } catch (error) {
        return error;
      }
    };
    expect(refused('ordres')).toMatchObject({
      code: 'USAGE',
      message:
        'selecting services: the lab has no service "ordres"; did you mean orders? Its own services are: orders, stock',
      remedies: ['meshdev check --service orders'],
    });
    expect(refused('x', createLab(DEFAULT_CHOICE))).toMatchObject({
      message: 'selecting services: the lab has no service "x". Its own services are: none',
    });
    const [sample] = createLab(DEFAULT_CHOICE).services;
    expect(refused(sample?.id ?? '')).toMatchObject({ message: expect.stringContaining('of the sample') });
  });
});

describe('--skip', () => {
  const whys = async (skipped: readonly string[], selectors: readonly string[] = []) => {
    const chosen = select(CHECKS, selectors, skipped, { services: SERVICES });
    const { checks } = await runSmall(chosen);
    return checks.flatMap(({ id, service, case: name, verdict }) =>
      verdict.kind === 'skip' ? [`${id} ${service ?? 'lab'} ${name ?? '-'}: ${verdict.because}`] : [],
    );
  };

  it('of a check leaves out its services too', async () => {
    expect(await whys(['MD-EDGE-003'])).toEqual([
      'MD-EDGE-003 lab -: skipped by --skip MD-EDGE-003',
      'MD-EDGE-003 orders -: skipped by --skip MD-EDGE-003',
    ]);
  });

  it('of one service leaves out that service, and what leans on it', async () => {
    const by = 'MD-JWT-001[orders]';
    expect(await whys([by])).toEqual([
      `MD-JWT-001 orders -: skipped by --skip ${by}`,
      `MD-JWT-010 orders -: its control MD-JWT-001 was skipped by --skip ${by}`,
    ]);
  });

  it('of one case of one service leaves the others', async () => {
    const by = 'MD-JWT-010[stock/expired]';
    expect(await whys([by])).toEqual([`MD-JWT-010 stock expired: skipped by --skip ${by}`]);
    expect(await whys(['MD-JWT-010[expired]'])).toEqual([
      'MD-JWT-010 lab expired: skipped by --skip MD-JWT-010[expired]',
    ]);
  });

  it('of a check that was narrowed leaves out what was left of it', async () => {
    expect(await whys(['MD-JWT-010'], ['MD-JWT-010[orders/expired]'])).toEqual([
      'MD-JWT-010 orders -: skipped by --skip MD-JWT-010',
    ]);
    expect(await whys(['MD-JWT-010[stock/expired]'], ['MD-JWT-010[orders/expired]'])).toEqual([]);
    expect(await whys(['MD-JWT-010[alg-none]'], ['MD-JWT-010[expired]'])).toEqual([]);
  });

  it('asks for no evidence of what it leaves out', async () => {
    const asked: string[] = [];
    await runSmall(select(CHECKS, [], ['jwt', 'MD-EDGE-003[orders]'], { services: SERVICES }), {
      collectService: async ({ id }, key) => asked.push(`${id} ${key}`),
    });
    expect(asked).toEqual([]);
  });
});
