import type { WireResult } from '../../../src/evidence/wire-result.ts';
import type { KeyRotation, KeySetInForce } from '../../../src/evidence/key-rotation.ts';
import { data, ended } from '../../support/wires.ts';
import { type Red, row, type Row } from './expected.ts';

/** A key set that changes while a sidecar believes it. */
export function rotationRows(): readonly Row[] {
  const taken = data({ status: 403, body: 'RBAC: access denied' });
  const refused = data({ status: 401, body: 'Jwt verification fails' });
  const rotation = (what: string, change: Partial<KeyRotation>, red?: Red): Row =>
    row(
      what,
      (found) => {
        const decoys = found['issuer.twins'];
        return { ...found, 'issuer.twins': { ...decoys, rotation: { ...decoys.rotation, ...change } } };
      },
      red === undefined ? {} : { 'MD-OIDC-013': red },
    );
  const all = (wire: WireResult): KeySetInForce['tokens'] =>
    Object.fromEntries(['rehearsal-0', 'rehearsal-1', 'rehearsal-2'].map((id) => [id, wire]));
  return [
    rotation('a new key does not arrive', { after: undefined }, 'fail OIDC_KEYS_NOT_ASKED'),
    rotation(
      'a new key does not arrive, and istiod says why',
      { after: undefined, pause: 'Failed to refresh JWT public key from "https://a/jwks": status 502' },
      'warn OIDC_KEYS_NOT_ASKED',
    ),
    rotation('a new key is late', { waitedMs: 20_000 }, 'warn OIDC_KEYS_NOT_ASKED'),
    rotation('a new key is late by a clock that runs while others have the cores', {
      waitedMs: 20_000,
      withinMs: 40_000,
    }),
    rotation('a new key is late, and istiod says why', { waitedMs: 60_000, pause: 'Failed to refresh' }),
    rotation('no key of the rehearsal ever arrives', { before: undefined }, 'unknown PATH_BROKEN'),
    rotation(
      'a key is taken before it is published',
      { before: { held: 'rehearsal-0', tokens: all(taken) } },
      'fail OIDC_UNPUBLISHED_KEY_TAKEN',
    ),
    rotation(
      'a withdrawn key stays good',
      { after: { held: 'rehearsal-1', tokens: all(taken) } },
      'fail OIDC_WITHDRAWN_KEY_TAKEN',
    ),
    rotation(
      'a new key is held and not used',
      { after: { held: 'rehearsal-1', tokens: all(refused) } },
      'fail JWT_VALID_REFUSED',
    ),
    rotation(
      'a token of the rehearsal is not answered',
      { after: { held: 'rehearsal-1', tokens: all(ended('timeout')) } },
      'unknown TIMED_OUT',
    ),
  ];
}
