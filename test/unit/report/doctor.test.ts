import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { explain } from '../../../src/checks/explain.ts';
import { FINDINGS } from '../../../src/doctor/catalogue.ts';
import { describeFix, diagnose, type Diagnosis, fixesOf } from '../../../src/doctor/diagnose.ts';
import { SUBJECTS } from '../../../src/doctor/finding.ts';
import { doctorJson } from '../../../src/report/doctor-json.ts';
import { doctorText } from '../../../src/report/doctor-text.ts';
import { explainText } from '../../../src/report/explain-text.ts';
import { fold } from '../../../src/report/fold.ts';
import { DOCTOR_SCHEMA_FILE, doctorSchemaText } from '../../support/doctor-schema.ts';
import { ABOUT, factsWith } from '../doctor/healthy.ts';
import { INJECTIONS } from '../doctor/injections.ts';

const schema = JSON.parse(await readFile(join(import.meta.dirname, '../../..', DOCTOR_SCHEMA_FILE), 'utf8'));
const validate = new Ajv2020({ strict: false, validateFormats: false }).compile(schema);

const RUN = { startedAt: '2026-06-01T12:00:00.000Z', durationMs: 812.4, fixed: [] };

const diagnosisOf = (cause: string): Diagnosis => {
  const injection = INJECTIONS.find((one) => one.cause === cause);
  return diagnose(factsWith(injection?.facts), { ...ABOUT, ...injection?.about });
};

const textOf = (diagnosis: Diagnosis, all = false): string =>
  doctorText(diagnosis, {
    colour: false,
    all,
    durationMs: 812,
    fixed: [],
    fixable: fixesOf(diagnosis, 0).map(describeFix),
  });

describe('doctor -o json', () => {
  it('has the published schema, which is that of the code (npm run docs)', () => {
    expect(schema).toEqual(JSON.parse(doctorSchemaText()));
  });

  it.each(INJECTIONS)('fits it with $cause', ({ facts, about }) => {
    const document = doctorJson(diagnose(factsWith(facts), { ...ABOUT, ...about }), RUN);
    expect(validate(JSON.parse(JSON.stringify(document))) ? [] : validate.errors).toEqual([]);
  });

  it('does not fit it with another key', () => {
    expect(validate({ ...doctorJson(diagnosisOf(''), RUN), more: 1 })).toBe(false);
  });

  it('says the same as the text', () => {
    for (const { cause } of INJECTIONS) {
      const diagnosis = diagnosisOf(cause);
      const { summary, findings } = doctorJson(diagnosis, RUN);
      const text = textOf(diagnosis);
      expect(text).toContain(`${summary.fatal} fatal, ${summary.unknown} unknown`);
      expect(text).toContain(`exit ${summary.exitCode}`);
      const bad = findings.filter(({ state }) => state === 'fatal' || state === 'warn');
      for (const { id, seen, remedies } of bad)
        for (const words of [id, seen, ...remedies]) expect(text).toContain(words);
    }
  });
});

describe('the text of doctor', () => {
  it('has one line for each subject where nothing is wrong', () => {
    expect(textOf(diagnosisOf(''))).toBe(`meshdev doctor   lab demo

container engine
  ok       8 ok
memory, disk and limits
  ok       13 ok
ports, networks and proxies
  ok       4 ok
names and clocks
  ok       4 ok
machine and tools
  ok       7 ok
labs and trust stores
  ok       3 ok
41 findings: 39 ok, 0 warn, 0 fatal, 0 unknown, 2 skip   0.8 s   exit 0
`);
  });

  it('has what was seen, why it matters and the repair where something is', () => {
    const text = textOf(diagnosisOf('a process on the port'));
    expect(text).toContain(`ports, networks and proxies
  FATAL    MD-HOST-006  the port of the edge is free on 127.0.0.1 and ::1, and this user may listen on it
             PORT_TAKEN  looking for port 443 on loopback · nginx (process 42) uses it
             why    another program would answer instead of the edge, or the edge cannot start
             run    meshdev up --https-port 8443
             run    kill 42
  ok       3 ok
`);
  });

  it('says what --fix would change', () => {
    expect(textOf(diagnosisOf('few inotify instances'))).toContain(
      'doctor makes these changes:\n  - set fs.inotify.max_user_instances to 1024',
    );
    expect(textOf(diagnosisOf(''))).not.toContain('--fix');
  });

  it('has everything with --verbose', () => {
    const text = textOf(diagnosisOf(''), true);
    for (const { id } of FINDINGS) expect(text).toContain(id);
    for (const title of Object.values(SUBJECTS)) expect(text).toContain(title);
  });

  it.each([60, 120])('fits on %i columns, but for commands and long words', (columns) => {
    const texts = INJECTIONS.flatMap(({ cause }) => [
      textOf(diagnosisOf(cause)),
      textOf(diagnosisOf(cause), true),
    ]);
    const lines = texts.flatMap((text) => fold(text, columns).split('\n'));
    const long = lines.filter((line) => line.length > columns && !/^ *(?:run {4}|\S*$)/.test(line));
    expect(long).toEqual([]);
  });

  it('cannot be used to steer the terminal', () => {
    const evil = { kind: 'process', owner: { pid: 1, program: 'x\u001B[2J' } } as const;
    const port = { kind: 'taken', port: 443, suggestion: 8443, holder: evil } as const;
    const text = textOf(diagnose(factsWith({ port }), ABOUT));
    expect(text).toBe(stripVTControlCharacters(text));
    expect(text).not.toContain('\u001B');
  });
});

describe('explain', () => {
  it.each(FINDINGS.map(({ id }) => id))('knows %s', (id) => {
    expect(explain(id)).toMatchObject([{ kind: 'finding', id }]);
    expect(explainText(explain(id.toLowerCase()))).toMatch(new RegExp(`^${id}  `));
  });
});
