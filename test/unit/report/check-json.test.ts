import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../src/checks/catalogue.ts';
import { checkJson } from '../../../src/report/check-json.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { healthyEvidence } from '../../support/healthy-evidence.ts';
import { makeMaterial } from '../../support/healthy-material.ts';
import { report, result, VERDICTS } from '../../support/reports.ts';
import { everyRequest, gatewayDown } from '../../support/break-evidence.ts';
import { judge } from '../checks/expected.ts';
import { SCHEMA_FILE, schemaText } from '../../support/report-schema.ts';

const file = await readFile(join(import.meta.dirname, '../../..', SCHEMA_FILE), 'utf8');
const validate = new Ajv2020({ strict: true, formats: { 'date-time': /^\d{4}-\d\d-\d\dT/ } }).compile(
  JSON.parse(file),
);
const lab = createLab(DEFAULT_CHOICE);
const healthy = healthyEvidence(lab, await makeMaterial(lab));
const parsed = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('the JSON report', () => {
  it('is what the published schema says, for every kind of verdict and all evidence', async () => {
    const reports = [
      await judge(lab, healthy),
      await judge(lab, everyRequest(gatewayDown)(healthy)),
      report(Object.values(VERDICTS).map((verdict, at) => result(`MD-EDGE-00${at}`, verdict))),
      report([], { interrupted: true, strict: true }),
      report([], { askedAgain: [{ request: 'eve-read', lacked: 'sidecar' }] }),
    ];
    for (const each of reports) {
      validate(parsed(checkJson(each)));
      expect(validate.errors).toBeNull();
    }
  });

  it('is refused by the schema when a key is missing, new or of another type', () => {
    const good = checkJson(report([result('MD-EDGE-001', VERDICTS.fail)]));
    const [check] = good.checks;
    const bad = [
      { ...good, schemaVersion: '2' },
      { ...good, extra: 1 },
      { ...good, checks: [{ ...check, verdict: 'maybe' }] },
      { ...good, checks: [{ ...check, control: undefined }] },
      { ...good, checks: [{ ...check, evidence: [{ kind: 'rumour' }] }] },
    ];
    for (const each of bad) expect(validate(parsed(each))).toBe(false);
  });

  it('is as in the catalogue: case, control with its verdict, and how it should have been refused', async () => {
    const { checks } = checkJson(await judge(lab, healthy));
    expect(new Set(checks.map(({ id }) => id)).size).toBe(CATALOGUE.length);
    const forged = checks.find(({ id, case: one }) => id === 'MD-EGW-011' && one !== null);
    expect(forged).toMatchObject({
      polarity: 'negative',
      control: { id: 'MD-EGW-003', verdict: 'pass' },
      expects: { by: 'gateway', how: 'alert', reason: 'certificate_unknown' },
      verdict: 'pass',
      code: null,
      message: null,
      remedies: [],
      tries: 1,
      evidence: [expect.objectContaining({ kind: 'handshake', ended: 'alert' })],
    });
  });
});

it('the published schema is that of the code (npm run docs)', () => {
  expect(JSON.parse(file)).toEqual(JSON.parse(schemaText()));
});
