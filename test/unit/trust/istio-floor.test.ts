import { expect, it } from 'vitest';
import { hasSecretPlaceholder } from '../../../src/trust/istio-floor.ts';

it.each([
  ['1.27.8', true],
  ['1.28.5', true],
  ['1.29.1', true],
  ['1.30.0', true],
  ['1.31-eed52ebb66ad', true],
  ['2.0.0', true],
  ['1.27.7', false],
  ['1.28.4', false],
  ['1.29.0', false],
  ['1.29-alpha', false],
  ['1.26.12', false],
  ['', undefined],
  ['latest', undefined],
])('istiod %s has a placeholder that nobody can sign with: %s', (version, expected) => {
  expect(hasSecretPlaceholder(version)).toBe(expected);
});
