import type { EvidenceMap } from '../../evidence/evidence-map.ts';
import type { DeliveryWalk, TokenWalk } from '../../evidence/tokens.ts';
import type { Walk } from '../../evidence/walk.ts';
import { WALKS, type WalkId, type WalkSpec } from '../../cases/walks.ts';
import { DELIVERIES } from '../../cases/tokens/delivery-cases.ts';
import { forgeToken } from '../forge-token.ts';
import { FORGED_TOKENS, TOLERATED_TOKENS } from '../../cases/tokens/token-cases.ts';
import type { TokenSet } from '../tokens.ts';
import { deliveries } from './deliveries.ts';
import { forgeryBase } from './forgery-base.ts';
import { sentAs } from './send-shots.ts';
import { type OutgoingWalk, sendWalks } from './send-walks.ts';
import type { Witness } from './witness.ts';

/** Walks that a parser may stumble over. */
export interface Sent<T> {
  readonly walks: readonly T[];
  /** Of `performance`, when the first of them went out. */
  readonly sentAt: number;
}

const TOKEN_CASES = [...FORGED_TOKENS, ...TOLERATED_TOKENS];

/** With honest tokens or none. */
export async function collectWalks(witness: Witness): Promise<EvidenceMap['walks']> {
  const tokens = await witness.tokens();
  const sent = await sendWalks(
    witness,
    WALKS.map((walk) => outgoing(walk, tokens)),
  );
  return walkRecord((id) => sentAs(sent, id));
}

/** Each differs from alice's good token in exactly one thing, and is sent where she may go. */
export async function collectTokenWalks(witness: Witness): Promise<Sent<TokenWalk>> {
  const base = forgeryBase(witness, await witness.tokens());
  const forged = await Promise.all(
    TOKEN_CASES.map(async ({ id }) => ({
      id,
      method: 'GET',
      path: '/headers',
      token: await forgeToken(id, base),
    })),
  );
  const sentAt = performance.now();
  const sent = await sendWalks(witness, forged);
  return { walks: TOKEN_CASES.map((each) => ({ ...sentAs(sent, each.id), case: each })), sentAt };
}

export async function collectDeliveries(witness: Witness): Promise<Sent<DeliveryWalk>> {
  const tokens = await witness.tokens();
  const base = forgeryBase(witness, tokens);
  const bearers = {
    alice: tokens.alice.accessToken,
    bob: tokens.bob.accessToken,
    forged: await forgeToken('foreign-key', { ...base, claims: { ...base.claims, sub: 'mallory' } }),
  };
  const sentAt = performance.now();
  const sent = await sendWalks(witness, deliveries(bearers));
  return { walks: DELIVERIES.map((each) => ({ ...sentAs(sent, each.id), case: each })), sentAt };
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
