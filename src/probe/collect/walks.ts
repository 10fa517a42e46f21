import type { EvidenceMap, TokenWalk, Walk } from '../../checks/evidence.ts';
import { WALKS, type WalkId, type WalkSpec } from '../../checks/walks.ts';
import { decodeToken } from '../../trust/token.ts';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import { forgeToken } from '../forge-token.ts';
import { FORGED_TOKENS, TOLERATED_TOKENS } from '../token-cases.ts';
import type { TokenSet } from '../tokens.ts';
import { type OutgoingWalk, sendWalks } from './send-walks.ts';
import type { Witness } from './witness.ts';

/** Requests with honest tokens (or none), and with forged ones: sent in one go, looked up in one go. */
export interface AllWalks {
  readonly walks: EvidenceMap['walks'];
  readonly tokenWalks: readonly TokenWalk[];
}

const TOKEN_CASES = [...FORGED_TOKENS, ...TOLERATED_TOKENS];

export async function collectWalks(witness: Witness): Promise<AllWalks> {
  const tokens = await witness.tokens();
  const forged = await forgeAll(witness, tokens);
  const sent = await sendWalks(witness, [...WALKS.map((walk) => outgoing(walk, tokens)), ...forged]);
  const find = (id: string): Walk => {
    const walk = sent.get(id);
    if (walk === undefined) throw new MeshdevError('BUG', { message: `walk ${id} was not sent` });
    return walk;
  };
  return {
    walks: walkRecord(find),
    tokenWalks: TOKEN_CASES.map((each) => ({ ...find(tokenWalkId(each.id)), case: each })),
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
async function forgeAll({ keys }: Witness, { alice }: TokenSet): Promise<readonly OutgoingWalk[]> {
  const read = decodeToken(alice.accessToken);
  const key = keys.idp.jwks.keys[0];
  if (read.kind === 'malformed' || key === undefined)
    throw new MeshdevError('STEP_FAILED', { message: 'there is no good token to forge from' });
  const base = { claims: read.claims, key, at: new Date() };
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
