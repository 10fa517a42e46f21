import * as fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { CERTIFICATE_IDS, type CertificateId, type KeySpec, keySpecs } from '../../../src/keys/key-specs.ts';
import type { KeysSeen } from '../../../src/keys/keys-seen.ts';
import { type KeyId, keysPart, planKeys } from '../../../src/keys/plan-keys.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { DAY, days, type Made, make, NOW } from '../../support/certificates.ts';

const lab = createLab(DEFAULT_CHOICE);

const NOTHING: KeysSeen = {
  certificates: {
    'edge-root': { kind: 'absent' },
    'edge-intermediate': { kind: 'absent' },
    'mesh-root': { kind: 'absent' },
    'istiod-ca': { kind: 'absent' },
    'gateway-server': { kind: 'absent' },
    'edge-client': { kind: 'absent' },
  },
  idp: { kind: 'absent' },
  rootFile: undefined,
};

async function issue({ certificate, lifetimeDays }: KeySpec, issuer?: Made): Promise<Made> {
  return make(certificate, issuer, days(-1, lifetimeDays - 1));
}

/** A store as `apply` leaves it, a day after. */
async function complete(): Promise<KeysSeen> {
  const specs = keySpecs(lab);
  const [edgeRoot, meshRoot] = [await issue(specs['edge-root']), await issue(specs['mesh-root'])];
  const present = ({ certificate }: Made) => ({ kind: 'present', certificate }) as const;
  return {
    certificates: {
      'edge-root': present(edgeRoot),
      'edge-intermediate': present(await issue(specs['edge-intermediate'], edgeRoot)),
      'mesh-root': present(meshRoot),
      'istiod-ca': present(await issue(specs['istiod-ca'], meshRoot)),
      'gateway-server': present(await issue(specs['gateway-server'], meshRoot)),
      'edge-client': present(await issue(specs['edge-client'], meshRoot)),
    },
    idp: { kind: 'present', users: ['alice', 'bob', 'eve'], clients: ['meshdev-ci'] },
    rootFile: edgeRoot.certificate.facts.fingerprint,
  };
}

const CHILDREN: Readonly<Partial<Record<KeyId, readonly KeyId[]>>> = {
  'edge-root': ['edge-intermediate', 'edge-root-file'],
  'mesh-root': ['istiod-ca', 'gateway-server', 'edge-client'],
};

describe('planKeys', () => {
  let seen: KeysSeen;

  beforeAll(async () => {
    seen = await complete();
  });

  const plan = (store: KeysSeen, at = NOW) => planKeys(lab, store, at).entries;
  const changed = (store: KeysSeen, at = NOW) =>
    Object.fromEntries(
      plan(store, at).flatMap(({ id, action }) => (action === 'keep' ? [] : [[id, action]])),
    );
  const without = (id: CertificateId, instead: KeysSeen['certificates'][CertificateId]): KeysSeen => ({
    ...seen,
    certificates: { ...seen.certificates, [id]: instead },
  });

  it('creates everything of a new lab, issuers first', () => {
    const entries = plan(NOTHING);
    expect(entries.map((entry) => entry.id)).toEqual([...CERTIFICATE_IDS, 'idp-secrets', 'edge-root-file']);
    expect(new Set(entries.map((entry) => entry.action))).toEqual(new Set(['create']));
    expect(keysPart({ entries })).toEqual({ state: 'absent', seen: 'this lab has no keys yet' });
  });

  it('keeps everything of a good one and says until when', () => {
    expect(changed(seen)).toEqual({});
    expect(plan(seen)[0]?.because).toMatch(/^valid until 2028-\d\d-\d\d, \d+ days$/);
    expect(keysPart(planKeys(lab, seen, NOW)).state).toBe('same');
  });

  it.each(CERTIFICATE_IDS)('makes a missing %s again with what descends from it, and nothing else', (id) => {
    const descendants = Object.fromEntries((CHILDREN[id] ?? []).map((child) => [child, 'replace']));
    expect(changed(without(id, { kind: 'absent' }))).toEqual({ [id]: 'create', ...descendants });
  });

  it.each(CERTIFICATE_IDS)('replaces an unusable %s and gives the reason', (id) => {
    const store = without(id, { kind: 'unusable', why: 'not its key' });
    expect(plan(store).find((entry) => entry.id === id)).toMatchObject({
      action: 'replace',
      because: 'not its key',
    });
  });

  it('renews what ends soon: leaves and intermediates long before roots', () => {
    expect(changed(seen, NOW + 58 * DAY)).toEqual({});
    expect(changed(seen, NOW + 61 * DAY)).toEqual({ 'gateway-server': 'renew', 'edge-client': 'renew' });
    expect(changed(seen, NOW + 151 * DAY)).toMatchObject({
      'edge-intermediate': 'renew',
      'istiod-ca': 'renew',
    });
    expect(changed(seen, NOW + 100 * DAY)['edge-root']).toBeUndefined();
    expect(changed(seen, NOW + 800 * DAY)).toMatchObject({
      'edge-root': 'renew',
      'edge-intermediate': 'replace',
    });
  });

  it('replaces what is not valid yet: the clock went back', () => {
    expect(changed(seen, NOW - 2 * DAY)).toMatchObject({ 'edge-root': 'replace', 'mesh-root': 'replace' });
  });

  it('replaces what names another domain, and says both', () => {
    const moved = createLab({ ...DEFAULT_CHOICE, domain: 'other.test' });
    const entries = planKeys(moved, seen, NOW).entries.filter((entry) => entry.action !== 'keep');
    expect(entries.map((entry) => entry.id)).toEqual([
      'edge-root',
      'edge-intermediate',
      'gateway-server',
      'edge-client',
      'edge-root-file',
    ]);
    expect(entries[0]?.because).toContain('dns:mesh.localhost');
    expect(entries[0]?.because).toContain('expected critical, permitted dns:other.test');
    expect(keysPart({ entries }).state).toBe('differs');
  });

  it.each([
    ['purposes', { extendedKeyUsage: ['serverAuth', 'clientAuth'] as const }],
    ['names', { names: { dns: [lab.hosts.edge, 'more.test'] } }],
    ['CA', { ca: { pathLength: 0 } }],
    ['subject', { commonName: 'another' }],
    ['key', { key: 'rsa-2048' as const }],
  ])('replaces an edge client whose %s differ', async (trait, change) => {
    const root = await issue(keySpecs(lab)['mesh-root']);
    const { certificate } = await make(
      { ...keySpecs(lab)['edge-client'].certificate, ...change },
      root,
      days(-1, 60),
    );
    const store = without('edge-client', { kind: 'present', certificate });
    const mesh = {
      ...store.certificates,
      'mesh-root': { kind: 'present', certificate: root.certificate } as const,
    };
    const entry = plan({ ...store, certificates: mesh }).find(({ id }) => id === 'edge-client');
    expect(entry?.action).toBe('replace');
    expect(entry?.because).toContain(trait);
  });

  it('replaces children that the root in the store did not sign', async () => {
    const { certificate } = await issue(keySpecs(lab)['mesh-root']);
    const store = without('mesh-root', { kind: 'present', certificate });
    expect(changed(store)).toEqual({
      'istiod-ca': 'replace',
      'gateway-server': 'replace',
      'edge-client': 'replace',
    });
  });

  it('wants a secret for each user and client', () => {
    const store: KeysSeen = { ...seen, idp: { kind: 'present', users: ['alice', 'bob'], clients: [] } };
    expect(plan(store).find((entry) => entry.id === 'idp-secrets')).toEqual({
      id: 'idp-secrets',
      action: 'extend',
      because: 'the secrets of user eve, client meshdev-ci do not exist',
    });
  });

  it('wants none of a user who is gone', () => {
    const users = ['alice', 'bob', 'eve', 'dora'];
    const store: KeysSeen = { ...seen, idp: { kind: 'present', users, clients: ['meshdev-ci'] } };
    expect(plan(store).find((entry) => entry.id === 'idp-secrets')).toEqual({
      id: 'idp-secrets',
      action: 'extend',
      because: 'dora can no longer sign in',
    });
  });

  it('exports the root that is in the store', () => {
    expect(changed({ ...seen, rootFile: undefined })).toEqual({ 'edge-root-file': 'create' });
    expect(changed({ ...seen, rootFile: 'ab'.repeat(32) })).toEqual({ 'edge-root-file': 'replace' });
  });

  it('never keeps a child of an issuer that changes, and always has a reason', () => {
    const kind = fc.constantFrom('present', 'absent', 'unusable');
    const kinds = fc.tuple(kind, kind, kind, kind, kind, kind);
    const property = fc.property(kinds, fc.integer({ min: -30, max: 900 }), (states, day) => {
      const entries = plan(broken(states), NOW + day * DAY);
      const kept = new Set(entries.filter((entry) => entry.action === 'keep').map((entry) => entry.id));
      const holds = Object.entries(CHILDREN).every(
        ([issuer, children]) =>
          [...kept].some((id) => id === issuer) || !children?.some((child) => kept.has(child)),
      );
      return holds && entries.every((entry) => entry.because !== '');
    });
    expect(() => fc.assert(property)).not.toThrow();
  });

  /** The good store with some certificates gone or spoiled. */
  function broken(states: readonly ('present' | 'absent' | 'unusable')[]): KeysSeen {
    const certificates = { ...seen.certificates };
    for (const [at, id] of CERTIFICATE_IDS.entries()) {
      if (states[at] === 'absent') certificates[id] = { kind: 'absent' };
      if (states[at] === 'unusable') certificates[id] = { kind: 'unusable', why: 'spoiled' };
    }
    return { ...seen, certificates };
  }
});
