import { describe, expect, it } from 'vitest';
import { ownAnswerCases } from '../../../src/checks/own-answers.ts';
import { headerCases, passingCases } from '../../../src/checks/header-claims.ts';
import { outcomeIn, pathCases } from '../../../src/checks/paths.ts';
import type { PathRequest } from '../../../src/evidence/corpora.ts';
import { PATH_CASES } from '../../../src/cases/path-cases.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { arrived, header } from '../../support/break-corpora.ts';
import { healthyEvidence } from '../../support/healthy-evidence.ts';
import { makeMaterial } from '../../support/healthy-material.ts';

const loose = createLab(DEFAULT_CHOICE);
const strict = createLab({ ...DEFAULT_CHOICE, strictPaths: true });
const trusting = createLab({ ...DEFAULT_CHOICE, trustedHeaders: ['X-Roles'] });
const healthy = healthyEvidence(loose, await makeMaterial(loose));

function kindsOf(cases: ReturnType<typeof pathCases>): ReadonlyMap<string, string> {
  return new Map(cases.map(([id, { kind }]) => [id, kind]));
}

describe('paths with a second spelling', () => {
  it('are refused by a strict edge, and judged by everybody else otherwise', () => {
    const changed = PATH_CASES.filter((each) => outcomeIn(strict, each) !== outcomeIn(loose, each));
    expect(changed.map(({ id }) => id)).toEqual(
      expect.arrayContaining([
        'double-dots',
        'double-slash-dots',
        'overlong-dots',
        'fullwidth-dots',
        'parameter',
      ]),
    );
    for (const each of changed) expect(outcomeIn(strict, each)).toEqual({ kind: 'refused', by: 'edge' });
    for (const { via } of changed) expect(via).toBe('edge');
    expect(
      outcomeIn(strict, { id: 'x', via: 'edge', path: '/anything/admin', outcome: { kind: 'denied' } }),
    ).toEqual({
      kind: 'denied',
    });
  });

  it('that still reach the app of a strict lab are red', () => {
    const kinds = kindsOf(pathCases(healthy['path.walks'], strict));
    expect(kinds.get('double-dots')).toBe('fail');
    expect(kinds.get('plain')).toBe('pass');
    const refusing = healthy['path.walks'].map((traced): PathRequest =>
      outcomeIn(strict, traced.case).kind === 'refused' && traced.case.via === 'edge'
        ? {
            ...traced,
            status: 400,
            gateway: undefined,
            sidecar: undefined,
            app: undefined,
            echo: undefined,
            appTimes: 0,
          }
        : traced,
    );
    expect([...new Set(kindsOf(pathCases(refusing, strict)).values())]).toEqual(['pass']);
    expect(kindsOf(pathCases(refusing, loose)).get('double-dots')).toBe('unknown');
  });
});

describe('a header that the service trusts', () => {
  const found = header('named-roles', arrived('x-roles', 'forged'))(healthy)['header.walks'];
  const roles = (lab: typeof loose) => new Map(headerCases(found, 'MD-HDR-010', lab)).get('named-roles');

  it('may arrive, and no other lab’s may', () => {
    expect(roles(trusting)).toMatchObject({ kind: 'pass' });
    expect(roles(loose)).toMatchObject({ kind: 'fail', code: 'HDR_IDENTITY_ARRIVED' });
  });

  it('has to arrive as it was sent', () => {
    const { passing } = healthy['header.walks'];
    const sent = [...passing.sent, ['X-Roles', 'kept'] as const];
    const verdict = new Map(passingCases({ ...healthy['header.walks'], passing: { ...passing, sent } })).get(
      'x-roles',
    );
    expect(verdict).toMatchObject({ kind: 'fail', code: 'HDR_HONEST_LOST' });
  });
});

it('a strict edge has one more answer of its own', () => {
  const caseOf = (lab: typeof loose) =>
    new Map(ownAnswerCases(healthy['edge.own'], lab)).get('second-spelling');
  expect(caseOf(loose)).toMatchObject({ kind: 'skip' });
  expect(caseOf(strict)).toMatchObject({ kind: 'unknown', code: 'CASE_NOT_RUN' });
});
