import { describe, expect, it } from 'vitest';
import { ownAnswerCases } from '../../../src/checks/own-answers.ts';
import type { OwnRequest } from '../../../src/evidence/own-answers.ts';
import { createLab } from '../../../src/topology/lab.ts';
import { healthyEdge } from '../../support/healthy-edge.ts';
import { data } from '../../support/wires.ts';

const lab = createLab({ name: 'demo', domain: 'mesh.localhost', httpsPort: 443 });
const WALKS = healthyEdge(lab)['edge.own'];

function verdictOf(walks: readonly OwnRequest[]): string | undefined {
  return ownAnswerCases(walks, lab).find(([id]) => id === 'chunk-malformed')?.[1].kind;
}

const answered = (wire: OwnRequest['wire']): readonly OwnRequest[] =>
  WALKS.map((traced) => (traced.case.id === 'chunk-malformed' ? { ...traced, wire } : traced));

describe('a body that turns out wrong after its head went on', () => {
  it('is not judged without a token that the whole way accepts', () => {
    expect(verdictOf(WALKS.filter(({ case: { begun } }) => begun !== true))).toBe('skip');
  });

  it.each([401, 403])('is not judged where the head is refused behind the edge (%i)', (status) => {
    expect(verdictOf(answered(data({ status, headers: { via: '2.0 Caddy' } })))).toBe('skip');
  });

  it.each([
    ['a refusal that does not say it came through the edge', data({ status: 403 })],
    ['any other answer from behind', data({ status: 500, headers: { via: '2.0 Caddy' } })],
  ])('is a finding for %s', (_what, wire) => {
    expect(verdictOf(answered(wire))).toBe('fail');
  });
});
