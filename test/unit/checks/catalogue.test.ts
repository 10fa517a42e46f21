import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../src/checks/catalogue.ts';
import { REASONS } from '../../../src/checks/reasons.ts';
import { select } from '../../../src/checks/select.ts';
import { TRACED_REQUEST_IDS, TRACED_REQUESTS } from '../../../src/cases/traced-requests.ts';
import {
  EDGE_SERVERS,
  GATEWAY_CLIENTS,
  GATEWAY_SERVERS,
  ISSUER_SERVERS,
  SIDECAR_CLIENTS,
  SIDECAR_SERVERS,
} from '../../../src/cases/certificates/verifiers.ts';
import { punctuationFaults } from '../../support/punctuation.ts';
import { FORGED_TOKENS, TOLERATED_TOKENS } from '../../../src/cases/tokens/token-cases.ts';

const byId = new Map(CATALOGUE.map((check) => [check.id, check]));

describe('the catalogue', () => {
  it('has unique ids of one form', () => {
    expect(byId.size).toBe(CATALOGUE.length);
    for (const { id } of CATALOGUE) expect(id).toMatch(/^MD-[A-Z]+-\d{3}$/);
  });

  it.each(CATALOGUE)(
    '$id asserts something in the present tense and needs evidence',
    ({ title, evidence }) => {
      expect(title).not.toMatch(/\bshould\b|\bmust\b/);
      expect(evidence.length).toBeGreaterThan(0);
    },
  );

  it.each(CATALOGUE)('$id is well put', ({ title, impact, hint }) => {
    for (const text of [title, impact, hint]) expect(punctuationFaults(text)).toEqual([]);
  });

  it.each(Object.entries(REASONS))('the reason %s is well put', (_code, text) => {
    expect(punctuationFaults(text)).toEqual([]);
  });

  it.each(CATALOGUE.filter(({ polarity }) => polarity === 'negative'))(
    '$id says who must refuse and which positive controls it',
    ({ refuser, control }) => {
      expect(refuser).toBeDefined();
      expect(control === undefined ? undefined : byId.get(control)?.polarity).toBe('positive');
    },
  );

  it('has a check for every forged and every tolerated token', () => {
    for (const { check } of [...FORGED_TOKENS, ...TOLERATED_TOKENS])
      expect([...byId.keys()]).toContain(check);
  });

  it('sends every walk that judges read, once', () => {
    expect(TRACED_REQUESTS.map(({ id }) => id).toSorted()).toEqual([...TRACED_REQUEST_IDS].toSorted());
  });

  it('has no certificate case or token case twice', () => {
    const certificates = [
      EDGE_SERVERS,
      GATEWAY_CLIENTS,
      GATEWAY_SERVERS,
      ISSUER_SERVERS,
      SIDECAR_CLIENTS,
      SIDECAR_SERVERS,
    ];
    for (const cases of [...certificates, [...FORGED_TOKENS, ...TOLERATED_TOKENS]])
      expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
  });
});

describe('select', () => {
  it('takes ids, categories and hops, and the controls they need', () => {
    expect(select(CATALOGUE, ['MD-EGW-011']).map(({ id }) => id)).toEqual(['MD-EGW-003', 'MD-EGW-011']);
    expect(select(CATALOGUE, ['md-jwt'])).toEqual(select(CATALOGUE, ['jwt']));
    expect(select(CATALOGUE, ['edge->gateway']).map(({ id }) => id)).toContain('MD-GW-005');
  });

  it('never leaves a negative without its control', () => {
    for (const { id } of CATALOGUE) {
      const chosen = new Set(select(CATALOGUE, [id]).map((check) => check.id));
      const control = byId.get(id)?.control;
      expect(control === undefined || chosen.has(control)).toBe(true);
    }
  });

  it('takes everything when nothing is selected, and keeps the order of the catalogue', () => {
    expect(select(CATALOGUE, [])).toEqual(CATALOGUE);
    const ids = CATALOGUE.map(({ id }) => id);
    const chosen = select(CATALOGUE, ['rbac', 'edge']).map(({ id }) => id);
    expect(chosen).toEqual(ids.filter((id) => chosen.includes(id)));
  });

  it('names what is spelt like it when nothing is called so', () => {
    expect(() => select(CATALOGUE, ['MD-EGW-999'])).toThrow(
      /"MD-EGW-999"; did you mean MD-EGW-009.*\? The categories are wrk, edge, hdr, egw/,
    );
    expect(() => select(CATALOGUE, ['jwtt'])).toThrow(/did you mean jwt/);
    expect(() => select(CATALOGUE, ['edge->gatway'])).toThrow(/did you mean edge->gateway/);
    expect(() => select(CATALOGUE, [], ['rbca'])).toThrow(/"rbca"; did you mean rbac/);
    expect(() => select(CATALOGUE, ['zzzzzzzz'])).toThrow(/"zzzzzzzz"\. The categories are wrk/);
  });
});
