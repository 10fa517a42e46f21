import type { EvidenceMap } from '../../evidence/evidence-map.ts';
import type { Walk } from '../../evidence/walk.ts';
import { WALKS, type WalkId, type WalkSpec } from '../../cases/walks.ts';
import type { TokenSet } from '../tokens/tokens.ts';
import { sentAs } from './send-shots.ts';
import { type OutgoingWalk, sendWalks } from './send-walks.ts';
import type { Witness } from '../witness.ts';

/** With honest tokens or none. */
export async function collectWalks(witness: Witness): Promise<EvidenceMap['walks']> {
  const tokens = await witness.tokens();
  const sent = await sendWalks(
    witness,
    WALKS.map((walk) => outgoing(walk, tokens)),
  );
  return walkRecord((id) => sentAs(sent, id));
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
