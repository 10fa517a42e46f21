import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../src/checks/catalogue.ts';
import { select } from '../../../src/checks/select.ts';
import { nameOf } from '../../../src/checks/verdict.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { healthyEvidence } from '../../support/healthy-evidence.ts';
import { makeMaterial } from '../../support/healthy-material.ts';
import { judge } from './expected.ts';

const lab = createLab(DEFAULT_CHOICE);
const healthy = healthyEvidence(lab, await makeMaterial(lab));

async function run(selectors: readonly string[], skipped: readonly string[] = []) {
  const report = await judge(lab, healthy, select(CATALOGUE, selectors, skipped));
  const verdicts = new Map(report.checks.map((check) => [nameOf(check), check.verdict]));
  return { names: [...verdicts.keys()], verdicts, summary: report.summary };
}

describe('a case', () => {
  it('is judged alone, with the control of its check', async () => {
    const { names, summary } = await run(['MD-JWT-010[alg-none]', 'md-jwt-010[ALG-EMPTY]']);
    expect(names.filter((name) => name.startsWith('MD-JWT-010'))).toEqual([
      'MD-JWT-010[alg-none]',
      'MD-JWT-010[alg-empty]',
    ]);
    expect(names).toContain('MD-JWT-001');
    expect(summary.exitCode).toBe(0);
  });

  it('does not narrow a check that is selected as a whole too', async () => {
    const { names } = await run(['MD-JWT-010[alg-none]', 'jwt']);
    expect(names.filter((name) => name.startsWith('MD-JWT-010')).length).toBeGreaterThan(3);
  });

  it('that there is not is unknown, with those spelt like it, and never green', async () => {
    const { verdicts, summary } = await run(['MD-JWT-010[alg-nome]']);
    expect(verdicts.get('MD-JWT-010[alg-nome]')).toMatchObject({
      kind: 'unknown',
      code: 'CASE_NOT_RUN',
      message: expect.stringContaining('alg-none'),
    });
    expect(summary.exitCode).toBe(6);
  });
});

describe('--skip', () => {
  it('leaves checks in the report, skipped and saying so', async () => {
    const { verdicts, names } = await run([], ['rbac', 'MD-EDGE-007']);
    expect(verdicts.get('MD-EDGE-007')).toEqual({
      kind: 'skip',
      because: 'skipped by --skip MD-EDGE-007',
    });
    const rbac = names.filter((name) => name.startsWith('MD-RBAC'));
    expect(rbac.length).toBeGreaterThan(2);
    for (const name of rbac) expect(verdicts.get(name)?.kind).toBe('skip');
  });

  it('of a control leaves out what leans on it', async () => {
    const { verdicts, summary } = await run(['MD-EGW-011'], ['MD-EGW-003']);
    expect(verdicts.get('MD-EGW-011')).toEqual({
      kind: 'skip',
      because: 'its control MD-EGW-003 was skipped by --skip MD-EGW-003',
    });
    expect(summary.exitCode).toBe(6);
  });

  it('of a case leaves the others', async () => {
    const { verdicts } = await run(['MD-JWT-010'], ['MD-JWT-010[alg-none]']);
    expect(verdicts.get('MD-JWT-010[alg-none]')?.kind).toBe('skip');
    expect(verdicts.get('MD-JWT-010[alg-empty]')?.kind).toBe('pass');
  });

  it('of a case that there is not does not pass for done', async () => {
    const { verdicts } = await run(['MD-JWT-010'], ['MD-JWT-010[no-such-case]']);
    expect(verdicts.get('MD-JWT-010[no-such-case]')).toMatchObject({ code: 'CASE_NOT_RUN' });
  });

  it('asks for no evidence of what it leaves out', () => {
    for (const check of select(CATALOGUE, ['edge'], ['edge'])) expect(check.evidence).toEqual([]);
  });
});
