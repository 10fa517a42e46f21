import { describe, expect, it } from 'vitest';
import { pass } from '../../../src/checks/check.ts';
import { checkSummary } from '../../../src/report/check-github.ts';
import { checkHtml } from '../../../src/report/check-html.ts';
import { checkJson } from '../../../src/report/check-json.ts';
import { checkJunit } from '../../../src/report/check-junit.ts';
import { checkDocument } from '../../../src/report/check-schema.ts';
import { checkTap } from '../../../src/report/check-tap.ts';
import { checkText } from '../../../src/report/check-text.ts';
import { totals } from '../../../src/report/totals.ts';
import { exposed, labWith, TWO_SERVICES } from '../../support/own-services.ts';
import { runSmall, says } from '../../support/service-checks.ts';
import { SERVICE_CHECKS, serviceReport } from '../../support/service-report.ts';
import { report, result, VERDICTS } from '../../support/reports.ts';
import { everyElement, parseXml } from '../../support/strict-xml.ts';
import { readTap } from '../../support/tap.ts';

const given = await serviceReport();
const plain = { colour: false, all: false };
const TEN = labWith(Array.from({ length: 10 }, (_, at) => exposed(`service-${at}`)));

/** From one heading to the next. */
function block(text: string, heading: string): readonly string[] {
  const lines = text.split('\n');
  const from = lines.findIndex((line) => line.startsWith(heading));
  const length = lines.slice(from + 1).findIndex((line) => /^\S/.test(line));
  return lines.slice(from, from + 1 + length);
}

describe('text', () => {
  it('has every failure of a service under its name, and no other', () => {
    const text = checkText(given, TWO_SERVICES, plain);
    expect(block(text, 'service orders')).toEqual([
      'service orders   https://orders.mesh.localhost · spiffe://cluster.local/ns/apps/sa/orders',
      '  FAIL     MD-JWT-010  a forged token is refused   [orders/expired]',
      '             JWT_TIME_NOT_CHECKED  an expired token reached the app <orders>',
      '             run    meshdev up',
      '  WARN     MD-JWT-010  a forged token is refused   [orders/not-yet]',
      '             EDGE_ALPN  it is late',
      '             run    meshdev up',
      '  ok       4 verified, 1 forgeries refused',
    ]);
    expect(block(text, 'sidecar -> app')).toEqual([
      'sidecar -> app   plaintext',
      '  ok       1 verified, 2 forgeries refused',
    ]);
  });

  it('says the broken link of a service once, and folds what is left out for one reason', () => {
    expect(block(checkText(given, TWO_SERVICES, plain), 'service stock')).toEqual([
      'service stock   not exposed · spiffe://cluster.local/ns/apps/sa/stock',
      '  first broken link   gateway -> sidecar   MD-MESH-001  the pod of stock has no sidecar',
      '  FAIL     MD-MESH-001  the pod accepts only mutual TLS   [stock]',
      '             MESH_NOT_STRICT  the pod of stock has no sidecar',
      '             run    meshdev up',
      '  skip     MD-JWT-001, MD-JWT-010',
      '             because it has no honest request',
      '  UNKNOWN  1 could not be observed behind the broken link',
    ]);
  });

  it('names services in quiet only where something of them is red', async () => {
    const quiet = { ...plain, quiet: true };
    expect(checkText(given, TWO_SERVICES, quiet)).toMatch(/^service orders$[^]*^service stock$/m);
    const green = await runSmall([says('MD-EDGE-003', { services: {} })]);
    expect(checkText(green, TWO_SERVICES, quiet)).toBe(totals(green));
  });

  it('is two lines for each service that is green', async () => {
    const green = await runSmall([says('MD-EDGE-003', { services: {} })], { lab: TEN });
    const lines = checkText(green, TEN, plain).split('\n');
    expect(lines.filter((line) => line.startsWith('service '))).toHaveLength(10);
    expect(lines.length).toBeLessThanOrEqual(2 + 2 + 20 + 1);
  });

  it('folds cases of one service, and never with those of another', () => {
    const skipped = (service: string, name: string) =>
      result('MD-EDGE-003', VERDICTS.skip, { service, case: name });
    const summary = { firstBroken: null, pass: 0, warn: 0, fail: 0, unknown: 0, skip: 2 };
    const both = report(
      [skipped('orders', 'a'), skipped('orders', 'b'), skipped('stock', 'a'), skipped('stock', 'b')],
      { services: ['orders', 'stock'].map((service) => ({ service, ...summary })) },
    );
    const text = checkText(both, TWO_SERVICES, plain);
    expect(text).toContain('MD-EDGE-003 holds   [orders/a, orders/b]\n');
    expect(text).toContain('MD-EDGE-003 holds   [stock/a, stock/b]\n');
  });
});

describe('json', () => {
  const document = checkJson(given);

  it('has the service of each result, the controls of the same service, and is as the schema says', () => {
    expect(checkDocument.parse(JSON.parse(JSON.stringify(document)))).toEqual(document);
    expect(
      document.checks
        .filter(({ id }) => id === 'MD-JWT-010')
        .map(({ service, case: name, control }) => [service, name, control?.verdict]),
    ).toEqual([
      [undefined, 'alg-none', 'pass'],
      [undefined, 'expired', 'pass'],
      ['orders', 'alg-none', 'pass'],
      ['orders', 'expired', 'pass'],
      ['orders', 'not-yet', 'pass'],
      ['stock', null, 'skip'],
    ]);
    expect(document.services?.map(({ service, fail }) => [service, fail])).toEqual([
      ['orders', 1],
      ['stock', 1],
    ]);
  });

  it('has neither key where no service was judged', () => {
    const sample = checkJson(report([result('MD-EDGE-001', VERDICTS.pass)]));
    expect(sample).not.toHaveProperty('services');
    expect(sample.checks[0]).not.toHaveProperty('service');
  });
});

it('junit has a suite and a class per service, after those of the lab', () => {
  const root = parseXml(checkJunit(given));
  expect(root.children.map(({ attributes }) => attributes['name'])).toEqual([
    'causes',
    'EDGE',
    'EGW',
    'MESH',
    'JWT',
    'service orders',
    'service stock',
  ]);
  const all = everyElement(root).filter(({ name }) => name === 'testcase');
  const cases = all.filter(({ attributes }) => attributes['classname'] !== 'meshdev.causes');
  expect(cases).toHaveLength(given.checks.length);
  expect(cases.map(({ attributes }) => `${attributes['classname']} ${attributes['name']}`)).toContain(
    'meshdev.orders.sidecar->app MD-JWT-010[orders/expired] a forged token is refused',
  );
});

it('tap names the service of each point', () => {
  const text = checkTap(given);
  expect(readTap(text).ok).toBe(false);
  expect(text).toContain('- MD-JWT-010[orders/expired] a forged token is refused');
});

it('the step summary has a row per service, and no verdict of a service in those of the hops', () => {
  const rows = checkSummary(given).split('\n');
  expect(rows.filter((row) => row.startsWith('| s'))).toEqual([
    '| sidecar-&gt;app | 3 | 0 | 0 | 0 | 0 |',
    '| service orders | 5 | 1 | 1 | 0 | 0 |',
    '| service stock | 0 | 0 | 1 | 1 | 2 |',
  ]);
});

describe('html', () => {
  const page = checkHtml(given, TWO_SERVICES);

  it('has a section per service with its own chain', () => {
    const sections = page.split('<details class="service ').slice(1);
    expect(sections).toHaveLength(2);
    const [orders = '', stock = ''] = sections;
    expect(orders).toContain('https://orders.mesh.localhost');
    expect(orders).toContain('spiffe://cluster.local/ns/apps/sa/orders');
    expect(orders).toContain('<b>gateway</b>');
    expect(stock).toContain('<b>callers</b><span>orders</span>');
    expect(stock.split('<h2>All checks')[0]).not.toContain('<b>gateway</b>');
    expect(stock).toContain('callers → sidecar');
    expect(stock.split('all 4 verdicts')[0]).not.toContain('gateway → sidecar <span');
    expect(page.split('<h2>All checks')[1]).not.toContain('[orders');
  });

  it('is one closed line for each service that is green, and opens what is not', async () => {
    expect(page).toContain('<details class="service fail" open>');
    const checks = SERVICE_CHECKS.map((check) => ({ ...check, judge: () => pass() }));
    const services = Object.fromEntries(TEN.services.map(({ id }) => [id, pass()]));
    const green = checks.map(({ id }) => says(id, { services }));
    const ten = checkHtml(await runSmall(green, { lab: TEN }), TEN);
    expect(ten.match(/<details class="service pass">/g)).toHaveLength(10);
    expect(ten).not.toContain(' open>');
  });

  it('needs nothing from elsewhere', () => {
    expect(page).not.toMatch(/<script|<link|<img|<iframe|\ssrc=|\shref=|\son\w+=|@import|url\(/i);
    expect(page).not.toContain('<orders>');
  });
});
