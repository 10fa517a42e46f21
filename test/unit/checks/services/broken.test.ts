import { beforeAll, describe, expect, it } from 'vitest';
import { SERVICE_JUDGES } from '../../../../src/checks/services/service-judges.ts';
import { NOW } from '../../../support/certificates.ts';
import {
  healthyServiceEvidence,
  makeServiceMaterial,
  type ServiceMaterial,
} from '../../../support/healthy-service.ts';
import { healthyService, labWith } from '../../../support/own-service.ts';
import type { Found, Row } from './broken.ts';
import { ACCESS_ROWS } from './rows-access.ts';
import { CHAIN_ROWS } from './rows-chain.ts';
import { MESH_ROWS } from './rows-mesh.ts';
import { POD_ROWS } from './rows-pods.ts';
import { verdictsOf } from './verdicts-of.ts';

const service = healthyService();
const lab = labWith(service);
let material: ServiceMaterial;
beforeAll(async () => {
  material = await makeServiceMaterial(service);
});

interface Turned {
  readonly verdict: string;
  readonly message: string;
}

/** Every case that is not green, with kind and code. */
function turnedIn(found: Found): ReadonlyMap<string, Turned> {
  const all = Object.keys(SERVICE_JUDGES).flatMap((check) =>
    verdictsOf(check, found, { service, lab, at: NOW }).map(({ id, verdict }) => {
      const name = id === '' ? check : `${check}[${id}]`;
      const told = 'code' in verdict ? `${verdict.kind} ${verdict.code}` : verdict.kind;
      return [name, { verdict: told, message: 'message' in verdict ? verdict.message : '' }] as const;
    }),
  );
  return new Map(all.filter(([, { verdict }]) => verdict !== 'pass'));
}

/** A cell that no request was sent for. */
const UNSENT = /^MD-RBAC-00[124]\[.*-(?:patch|delete)-/;

describe.each([
  ['mesh', MESH_ROWS],
  ['pods', POD_ROWS],
  ['chain', CHAIN_ROWS],
  ['access', ACCESS_ROWS],
] satisfies readonly (readonly [string, readonly Row[]])[])('one broken fact: %s', (_, rows) => {
  const named = rows.map(([what, broken, turned, words = '', unsent]) => ({
    what,
    broken,
    turned,
    words,
    unsent,
  }));
  it.each(named)('$what', ({ broken, turned, words, unsent }) => {
    const found = turnedIn(broken(healthyServiceEvidence(service, lab, material)));
    const sent = [...found].filter(([id]) => unsent === undefined || !UNSENT.test(id));
    expect(Object.fromEntries(sent.map(([id, { verdict }]) => [id, verdict]))).toEqual(turned);
    const [first = ''] = Object.keys(turned);
    expect(found.get(first)?.message ?? '').toContain(words);
    const left = [...found].filter(([id]) => unsent !== undefined && UNSENT.test(id));
    expect(left.length > 0).toBe(unsent !== undefined);
    expect(left.filter(([, { verdict }]) => !verdict.startsWith(unsent ?? ''))).toEqual([]);
  });
});
