import { ADMIN } from '../../sample/names.ts';
import type { EvidenceMap } from '../../evidence/evidence-map.ts';
import { TRACED_REQUEST_IDS, TRACED_REQUESTS, type TracedRequestSpec } from '../../cases/traced-requests.ts';
import type { TokenSet } from '../tokens/tokens.ts';
import { sentAs } from './send-shots.ts';
import { type OutgoingRequest, sendTraced } from './send-traced.ts';
import type { Needs } from '../probe-context.ts';
import { recordOf } from '../../record-of.ts';

/** With honest tokens or none. */
export async function collectTracedRequests(
  probeContext: Needs<'context' | 'keys' | 'probes' | 'tokens' | 'lookUp' | 'asked' | 'leftMs' | 'signal'>,
): Promise<EvidenceMap['walks']> {
  const tokens = await probeContext.tokens();
  const sent = await sendTraced(
    probeContext,
    TRACED_REQUESTS.map((traced) => outgoing(traced, tokens)),
  );
  return recordOf(TRACED_REQUEST_IDS, (id) => sentAs(sent, id));
}

function outgoing(traced: TracedRequestSpec, tokens: TokenSet): OutgoingRequest {
  const token = traced.as === 'nobody' ? undefined : tokens[traced.as].accessToken;
  return { ...traced, path: traced.path.replace('{token}', tokens[ADMIN].accessToken), token };
}
