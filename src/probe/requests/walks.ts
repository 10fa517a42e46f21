import type { EvidenceMap } from '../../evidence/evidence-map.ts';
import { WALK_IDS, WALKS, type WalkSpec } from '../../cases/walks.ts';
import type { TokenSet } from '../tokens/tokens.ts';
import { sentAs } from './send-shots.ts';
import { type OutgoingWalk, sendWalks } from './send-walks.ts';
import type { Needs } from '../witness.ts';
import { recordOf } from '../../record-of.ts';

/** With honest tokens or none. */
export async function collectWalks(
  witness: Needs<'context' | 'keys' | 'probes' | 'tokens' | 'lookUp' | 'asked' | 'leftMs' | 'signal'>,
): Promise<EvidenceMap['walks']> {
  const tokens = await witness.tokens();
  const sent = await sendWalks(
    witness,
    WALKS.map((walk) => outgoing(walk, tokens)),
  );
  return recordOf(WALK_IDS, (id) => sentAs(sent, id));
}

function outgoing(walk: WalkSpec, tokens: TokenSet): OutgoingWalk {
  const token = walk.as === 'nobody' ? undefined : tokens[walk.as].accessToken;
  return { ...walk, path: walk.path.replace('{token}', tokens.alice.accessToken), token };
}
