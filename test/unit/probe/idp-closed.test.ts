import { describe, expect, it } from 'vitest';
import type { IdpConfig } from '../../../src/guest/idp/config.ts';
import { configDifferences } from '../../../src/idp/config-differences.ts';
import { idpConfig } from '../../../src/idp/idp-config.ts';
import { createSigningKey } from '../../../src/keys/idp-secrets.ts';
import { digestsIn, programDifferences } from '../../../src/probe/idp/idp-closed.ts';
import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';

const lab = createLab(DEFAULT_CHOICE);
const [own, other] = [createSigningKey(), createSigningKey()];
const planned = idpConfig(lab, {
  jwks: { keys: [own] },
  cookieKeys: ['cookie-secret'],
  passwords: { alice: 'alice-password' },
  machineSecret: 'machine-secret',
});

describe('what an IdP is told beside its plan', () => {
  it('is nothing where it is told the plan', () => {
    expect(configDifferences(planned, planned)).toEqual([]);
  });

  it.each<[Partial<IdpConfig>, readonly string[]]>([
    [
      {
        clients: [
          ...planned.clients,
          { kind: 'machine', id: 'ci2', name: '', secret: 'ci2', roles: ['admin'] },
        ],
      },
      ['it also knows the client ci2, which needs no user and has the role admin'],
    ],
    [
      { users: planned.users.map((user) => ({ ...user, password: `${user.password}x`, roles: ['admin'] })) },
      [
        'the user alice with the role admin has another password',
        'the user bob with the role admin has another roles, password',
        'the user eve with the role admin has another roles, password',
      ],
    ],
    [{ accessTokenTtlSeconds: 2_592_000 }, ['its access tokens are valid for 2592000 s, planned are 3600 s']],
    [{ audiences: [...planned.audiences, 'https://x'] }, ['it also has the audience https://x']],
    [{ cookieKeys: ['cookie-secret', 'more-secret'] }, ['it also has the cookie key']],
    [{ jwks: { keys: [own, other] } }, [`it also has the key ${other.x}.${other.y}`]],
    [
      { clients: planned.clients.slice(1) },
      ['it does not know the client meshdev-cli, which redirects to http://127.0.0.1/callback'],
    ],
  ])('names what differs', (change, told) => {
    expect(configDifferences({ ...planned, ...change }, planned)).toEqual(told);
  });

  it('shows no secret', () => {
    const text = JSON.stringify(
      configDifferences(
        {
          ...planned,
          cookieKeys: ['another-cookie-key'],
          clients: planned.clients.map((client) =>
            client.kind === 'machine' ? { ...client, secret: 'guess' } : client,
          ),
        },
        planned,
      ),
    );
    expect(text).not.toMatch(/guess|machine-secret|another-cookie-key|cookie-secret/);
  });
});

it('files of the program differ by path and content', () => {
  const wanted = digestsIn('aa /opt/a.js\nbb /opt/b.js\ncc /opt/c.js\n');
  const seen = digestsIn('aa /opt/a.js\nxx /opt/b.js\ndd /opt/d.js\n');
  expect(programDifferences(wanted, wanted)).toEqual([]);
  expect(programDifferences(seen, wanted)).toEqual([
    { path: '/opt/b.js', how: 'changed' },
    { path: '/opt/d.js', how: 'added' },
    { path: '/opt/c.js', how: 'missing' },
  ]);
});
