import { describe, expect, it } from 'vitest';
import { checkJson } from '../../../src/report/check-json.ts';
import { upJson, type UpSummary, upText } from '../../../src/report/up-report.ts';
import { parseConfig } from '../../../src/config/read.ts';
import { servicesOf } from '../../../src/config/services/derive.ts';
import { createLab, DEFAULT_CHOICE, withOwnParts } from '../../../src/topology/lab.ts';
import { report, result, VERDICTS } from '../../support/reports.ts';
import { cause } from '../../support/causes.ts';
import { planned } from './events.ts';

const plain = { colour: false, all: false };
const green = report([result('MD-EDGE-001', VERDICTS.pass)]);

function summary(more: Partial<UpSummary> = {}): UpSummary {
  return {
    command: 'up',
    lab: createLab(DEFAULT_CHOICE),
    outcome: {
      steps: [
        { step: planned('network'), state: 'done', durationMs: 1234 },
        {
          step: { ...planned('keys'), action: 'keep', because: 'they are good' },
          state: 'kept',
          durationMs: 0,
        },
      ],
    },
    report: green,
    known: { before: [], now: [] },
    of: 1,
    durationMs: 65_432,
    source: { kind: 'packages', because: 'no registry answers' },
    ...more,
  };
}

describe('upText', () => {
  it('says what changed and why, what was proved, and what to do next', () => {
    const text = upText(summary(), plain);
    expect(text).toContain('lab demo   1 changed, 1 kept   images: packages\n');
    expect(upText(summary(), { ...plain, all: true })).toContain('images: packages, no registry answers\n');
    expect(text).toContain('  create   the network (1.2 s): no network');
    expect(text).toContain('1 check (0 negative), 1 verdict (0 negative): 1 pass');
    expect(text).toContain('https://httpbin.mesh.localhost   up in 65.4 s');
    expect(text).toContain('      meshdev down\n');
  });

  it('names the lab in every command when it is not the default one', () => {
    const lab = createLab({ ...DEFAULT_CHOICE, name: 'blue' });
    const commands = [green, report([result('MD-EDGE-001', VERDICTS.fail)])].flatMap((each) => {
      const text = upText(summary({ lab, report: each }), plain);
      return text.slice(text.lastIndexOf('try ')).match(/meshdev \w+[^")]*/g) ?? [];
    });
    expect(commands.length).toBeGreaterThan(3);
    for (const command of commands) expect(command).toMatch(/^meshdev \w+ --name blue/);
  });

  it('sends people to the check when the chain is not proved', () => {
    const red = summary({ report: report([result('MD-EDGE-001', VERDICTS.unknown)]) });
    expect(upText(red, plain)).toContain('try   meshdev check --verbose');
  });

  it('ends with the causes and what repairs them, without itself', () => {
    const causes = [
      cause('MD-DRIFT-004:RequestAuthentication/istio-ingress/x', {
        title: 'RequestAuthentication istio-ingress/x was not created by meshdev',
        remedies: ['meshdev kubectl delete requestauthentication -n istio-ingress x', 'meshdev up'],
        explains: [{ id: 'MD-WRK-001' }, { id: 'MD-JWT-001' }],
      }),
    ];
    const text = upText(
      summary({ report: report([result('MD-WRK-001', VERDICTS.fail)], { causes }) }),
      plain,
    );
    expect(text.slice(text.indexOf('up in 65.4 s'))).toBe(
      [
        'up in 65.4 s',
        '',
        '  CAUSE    MD-DRIFT-004  RequestAuthentication istio-ingress/x was not created by meshdev',
        '             means  valid requests do not pass',
        '             run    meshdev kubectl delete requestauthentication -n istio-ingress x',
        '             2 verdicts follow from it (meshdev check -v lists them)',
        '',
        'try   meshdev check --verbose',
        '',
      ].join('\n'),
    );
    expect(text.match(/CAUSE/g)).toHaveLength(1);
  });

  it('does not claim what was not checked', () => {
    expect(upText(summary({ report: undefined }), plain)).toContain(
      'the trust chain was not verified (--no-check)',
    );
  });
});

describe('services of meshdev.yaml', () => {
  const sample = createLab(DEFAULT_CHOICE);
  const values = parseConfig(
    'meshdev.yaml',
    'services: { orders: { image: a, port: 80, host: orders }, stock: { image: b, port: 80 } }',
  );
  const lab = withOwnParts(sample, { services: servicesOf(values, sample), users: [] });

  it('are named with their addresses, where people reach them', () => {
    const text = upText(summary({ lab }), plain);
    expect(text).toContain('up in 65.4 s\nhttps://orders.mesh.localhost   orders\n\n');
    expect(text).not.toContain('stock');
    expect(JSON.parse(upJson(summary({ lab }))).services).toEqual([
      { id: 'orders', url: 'https://orders.mesh.localhost' },
    ]);
  });
});

describe('a part of the checks', () => {
  it('is said to be one, with what was asked again', () => {
    const text = upText(summary({ of: 155, known: { before: ['MD-EDGE-001'], now: [] } }), plain);
    expect(text).toContain(
      '1 of 155 checks were run, 1 of them because they were not green before; meshdev check runs all',
    );
  });

  it('is nothing to speak of when it is all of them', () => {
    expect(upText(summary(), plain)).not.toContain('checks were run');
  });

  it('names what is red and was not judged again, and sends people there', () => {
    const text = upText(summary({ known: { before: ['MD-A-001[x]'], now: ['MD-A-001[x]'] } }), plain);
    expect(text).toContain('not green before, and not run again: MD-A-001[x]; meshdev check runs them');
    expect(text).toContain('try   meshdev check --verbose');
    expect(text).not.toContain('curl');
  });
});

describe('upJson', () => {
  it('is one document with steps and the whole report', () => {
    expect(JSON.parse(upJson(summary()))).toEqual({
      schemaVersion: '1',
      kind: 'UpReport',
      lab: 'demo',
      durationMs: 65_432,
      imageSource: { kind: 'packages', because: 'no registry answers' },
      services: [],
      steps: [
        { id: 'network', action: 'create', because: 'no network', state: 'done', durationMs: 1234 },
        { id: 'keys', action: 'keep', because: 'they are good', state: 'kept', durationMs: 0 },
      ],
      asked: { checks: 1, of: 1, knownRed: [] },
      check: JSON.parse(JSON.stringify(checkJson(green))),
    });
    expect(JSON.parse(upJson(summary({ report: undefined }))).check).toBeNull();
  });
});
