import { expect, it } from 'vitest';
import { CATALOGUE } from '../../../src/checks/catalogue.ts';
import type { EvidenceMap } from '../../../src/evidence/evidence-map.ts';
import { createLab, DEFAULT_CHOICE, withOwnParts } from '../../../src/topology/lab.ts';
import { NOW } from '../../support/certificates.ts';
import { healthyEvidence } from '../../support/healthy-evidence.ts';
import { makeMaterial } from '../../support/healthy-material.ts';

/* Users of meshdev.yaml sign in and get their claims as those of the sample do. */

const sample = createLab(DEFAULT_CHOICE);
const dora = { name: 'dora', roles: ['clerk'] };
const lab = withOwnParts(sample, { services: [], users: [...sample.users, dora] });
const healthy = healthyEvidence(lab, await makeMaterial(lab));

function casesOf(id: string, found: EvidenceMap): Readonly<Record<string, string>> {
  const judged = CATALOGUE.find((check) => check.id === id)?.judge(found, { lab, at: NOW });
  const cases = judged?.kind === 'cases' ? judged.cases : [];
  return Object.fromEntries(cases.map(({ id: name, verdict }) => [name, verdict.kind]));
}

it.each(['MD-OIDC-004', 'MD-OIDC-005'])('%s passes for each of them', (id) => {
  expect(casesOf(id, healthy)).toMatchObject({ alice: 'pass', bob: 'pass', eve: 'pass', dora: 'pass' });
});

it.each([
  ['MD-OIDC-004', { subject: 'alice' }],
  ['MD-OIDC-005', { access: { roles: ['admin'] } }],
  ['MD-OIDC-005', { access: { audience: [] } }],
])('%s fails for one alone when %j', (id, change) => {
  const login = healthy['idp.logins']['dora'];
  if (login?.kind !== 'seen') throw new Error('dora is not signed in');
  const access = { ...login.value.access, ...('access' in change ? change.access : {}) };
  const value = { ...login.value, ...change, access };
  const found = {
    ...healthy,
    'idp.logins': { ...healthy['idp.logins'], dora: { kind: 'seen', value } as const },
  };
  expect(casesOf(id, found)).toMatchObject({ alice: 'pass', bob: 'pass', eve: 'pass', dora: 'fail' });
});
