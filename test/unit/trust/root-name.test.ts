import { expect, it } from 'vitest';
import { edgeRootName, labOfRoot, madeName, withoutMaking } from '../../../src/trust/root-name.ts';

const MADE = madeName(edgeRootName('demo'), new Date('2026-12-01T23:59:00Z'), Buffer.from('a1b2c3', 'hex'));

it('names a root by its lab, day and mark', () => {
  expect(MADE).toBe('meshdev edge root demo 2026-12-01 a1b2c3');
});

it('finds the lab of a root, with the mark of its making and without', () => {
  expect(withoutMaking(`CN=${MADE}, O=meshdev`)).toBe('CN=meshdev edge root demo, O=meshdev');
  expect(labOfRoot(`CN=${MADE}, O=meshdev`)).toBe('demo');
  expect(labOfRoot('CN=meshdev edge root demo, O=meshdev')).toBe('demo');
});

it.each(['CN=meshdev mesh root demo, O=meshdev', 'CN=meshdev edge root demo', 'CN=Company root', ''])(
  'takes no other certificate for one: %s',
  (subject) => {
    expect(labOfRoot(subject)).toBeUndefined();
  },
);
