import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { cellsOf } from '../../../src/cases/matrix/access-matrix.ts';
import { readMatrix } from '../../../src/cases/matrix/read-matrix.ts';
import { asAnAppMayRead } from '../../../src/checks/paths.ts';
import { deletedHeaders } from '../../../src/probe/edge/corpora.ts';
import { enforced } from '../../../src/probe/mesh/policy-state.ts';
import { FRAMING_CASES } from '../../../src/cases/framing/framing-cases.ts';
import { HEADER_CASES } from '../../../src/cases/headers/header-cases.ts';
import { HOST_CASES } from '../../../src/cases/host-cases.ts';
import { PATH_CASES } from '../../../src/cases/path-cases.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { SAMPLE_MATRIX } from '../../support/healthy-corpora.ts';

const lab = createLab(DEFAULT_CHOICE);

describe('the corpora', () => {
  it.each([
    ['headers', HEADER_CASES, 60],
    ['framing', FRAMING_CASES, 16],
    ['paths', PATH_CASES, 300],
    ['SNI and Host', HOST_CASES, 24],
  ] as const)('of %s has cases enough, each with a name of its own', (_what, cases, least) => {
    expect(cases.length).toBeGreaterThanOrEqual(least);
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
    for (const { id } of cases) expect(id).toMatch(/^[a-z0-9.-]+$/);
  });

  it('spells each of the 256 bytes at the edge and at the gateway', () => {
    for (const prefix of ['byte', 'separator'])
      expect(PATH_CASES.filter(({ id }) => id.startsWith(`${prefix}-`))).toHaveLength(256);
  });
});

describe('asAnAppMayRead', () => {
  it.each([
    ['/anything/read/%2e%2e/admin', '/anything/admin'],
    ['/anything/read/..%5cadmin', '/anything/admin'],
    ['/anything/read/..;x/admin', '/anything/admin'],
    ['//anything/./read?/../admin', '/anything/read'],
    ['/anything/read/%252e%252e/admin', '/anything/read/%2e%2e/admin'],
  ])('reads %s as %s', (uri, wanted) => {
    expect(asAnAppMayRead(uri)).toBe(wanted);
  });
});

describe('what collectors read', () => {
  it('finds the headers that Caddy deletes, in every route', () => {
    const handler = { handler: 'headers', request: { delete: ['X-Envoy-*'] } };
    const config = {
      routes: [{ handle: [handler] }, { handle: [{ handler: 'subroute', routes: [handler] }] }],
    };
    expect(deletedHeaders(config)).toEqual(['X-Envoy-*', 'X-Envoy-*']);
  });

  it('finds the policies and issuers of a proxy', () => {
    const dump =
      '{"policies":{"ns[apps]-policy[read]-rule[0]":{},"ns[apps]-policy[read]-rule[1]":{}},"issuer":"https://i"}';
    expect(enforced(dump)).toEqual({ policies: ['apps/read'], issuers: ['https://i'] });
  });
});

describe('an access matrix', () => {
  const sample = readFileSync(SAMPLE_MATRIX, 'utf8');

  it('of the sample has cells for all, most of them denied', () => {
    const { cells, gaps } = cellsOf(readMatrix('sample', sample, lab));
    expect(gaps).toEqual([]);
    expect(cells.length).toBeGreaterThanOrEqual(60);
    expect(cells.filter(({ expected }) => expected === 'allow').length).toBe(12);
  });

  it.each([
    [
      'a place without a rule',
      ["{ paths: ['*'], methods: ['*'], allow: [], by: none }", ''],
      /:17:3 rules: no rule matches HEAD \/anything\/admin/,
    ],
    ['an unknown user', ['{ user: bob }', '{ user: bobby }'], /:8:16 subjects\.bob\.user: bobby is unknown/],
    [
      'an unknown subject in a rule',
      ['allow: [alice, bob]', 'allow: [alice, mallory]'],
      /mallory is unknown; known names are alice/,
    ],
    ['nobody’s policy that allows', ['by: apps/httpbin-read', 'by: none'], /must name a policy in `by`/],
    [
      'another host',
      ['kind: AccessMatrix', 'kind: AccessMatrix\nhost: other.example.test'],
      /:6:7 host: other\.example\.test is unknown/,
    ],
    ['a field that nobody knows', ['methods: [GET,', 'verbs: [GET,'], /methods: |verbs/],
    ['two paths of one name', ['paths: [/, ', 'paths: [/anything-read, '], /has the same id as another path/],
  ] as const)('is refused with %s, by line and column', (_what, [from, to], message) => {
    const text = sample.replace(from, to);
    expect(text).not.toBe(sample);
    expect(() => readMatrix('own.yaml', text.replace(/^ {2}- $/m, ''), lab)).toThrow(message);
  });
});
