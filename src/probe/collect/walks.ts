import type { EvidenceMap, TokenWalk, Walk } from '../../checks/evidence.ts';
import type { DeliveryWalk } from '../../checks/evidence/tokens.ts';
import { WALKS, type WalkId, type WalkSpec } from '../../checks/walks.ts';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import { DELIVERIES } from '../delivery-cases.ts';
import { type ForgeryBase, forgeToken } from '../forge-token.ts';
import { FORGED_TOKENS, TOLERATED_TOKENS } from '../token-cases.ts';
import type { TokenSet } from '../tokens.ts';
import { deliveries, deliveryWalkId } from './deliveries.ts';
import { forgeryBase } from './forgery-base.ts';
import { type OutgoingWalk, sendWalks } from './send-walks.ts';
import type { Witness } from './witness.ts';

/** Requests with honest tokens (or none), and with forged ones: sent in one go, looked up in one go. */
export interface AllWalks {
  readonly walks: EvidenceMap['walks'];
  readonly tokenWalks: readonly TokenWalk[];
  readonly deliveries: readonly DeliveryWalk[];
  /** Of `performance`, when the first of them went out. */
  readonly sentAt: number;
}

const TOKEN_CASES = [...FORGED_TOKENS, ...TOLERATED_TOKENS];

export async function collectWalks(witness: Witness): Promise<AllWalks> {
  const tokens = await witness.tokens();
  const base = forgeryBase(witness, tokens);
  const forged = await forgeAll(base);
  const bearers = {
    alice: tokens.alice.accessToken,
    bob: tokens.bob.accessToken,
    forged: await forgeToken('foreign-key', { ...base, claims: { ...base.claims, sub: 'mallory' } }),
  };
  const sentAt = performance.now();
  const sent = await sendWalks(witness, [
    ...WALKS.map((walk) => outgoing(walk, tokens)),
    ...forged,
    ...deliveries(bearers),
  ]);
  const find = (id: string): Walk => {
    const walk = sent.get(id);
    if (walk === undefined) throw new MeshdevError('BUG', { message: `walk ${id} was not sent` });
    return walk;
  };
  return {
    walks: walkRecord(find),
    tokenWalks: TOKEN_CASES.map((each) => ({ ...find(tokenWalkId(each.id)), case: each })),
    deliveries: DELIVERIES.map((each) => ({ ...find(deliveryWalkId(each.id)), case: each })),
    sentAt,
  };
}

function walkRecord(find: (id: WalkId) => Walk): EvidenceMap['walks'] {
  return {
    'alice-read': find('alice-read'),
    'alice-admin': find('alice-admin'),
    'alice-body': find('alice-body'),
    'bob-read': find('bob-read'),
    'bob-admin': find('bob-admin'),
    'bob-admin-encoded': find('bob-admin-encoded'),
    'bob-admin-dots': find('bob-admin-dots'),
    'eve-read': find('eve-read'),
    'machine-read': find('machine-read'),
    'alice-unlisted': find('alice-unlisted'),
    'alice-wrong-method': find('alice-wrong-method'),
    'no-token': find('no-token'),
    'query-token': find('query-token'),
    spoofed: find('spoofed'),
  };
}

function outgoing(walk: WalkSpec, tokens: TokenSet): OutgoingWalk {
  const token = walk.as === 'nobody' ? undefined : tokens[walk.as].accessToken;
  return { ...walk, path: walk.path.replace('{token}', tokens.alice.accessToken), token };
}

/** Each differs from alice's good token in exactly one thing, and is sent where she may go. */
async function forgeAll(base: ForgeryBase): Promise<readonly OutgoingWalk[]> {
  return Promise.all(
    TOKEN_CASES.map(async ({ id }) => ({
      id: tokenWalkId(id),
      method: 'GET',
      path: '/headers',
      token: await forgeToken(id, base),
    })),
  );
}

function tokenWalkId(id: string): string {
  return `token-${id}`;
}
