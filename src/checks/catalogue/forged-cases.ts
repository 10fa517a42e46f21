import { FORGED_TOKENS, type TokenCase } from '../../cases/tokens/token-cases.ts';
import { tokenReasonOf } from '../../trust/token-reason.ts';
import { fail, pass, seeing, unknown } from '../check.ts';
import { requestSeen } from '../describe.ts';
import { exchangeItem } from '../evidence-item.ts';
import type { TokenRequest } from '../../evidence/tokens.ts';
import type { TracedRequest } from '../../evidence/traced-request.ts';
import type { ReasonCode } from '../reasons.ts';
import { type ExpectedRefusal, refusedBySidecar } from '../refusal.ts';
import type { Verdict } from '../verdict.ts';

/** One verdict for each token of the corpus that belongs to a check; a token that was not shown is not proved. */
export function forgedCases(
  requests: readonly TokenRequest[],
  check: TokenCase['check'],
  code: ReasonCode,
  { corpus = FORGED_TOKENS, grpc = false }: ForgedOptions = {},
): readonly (readonly [id: string, verdict: Verdict])[] {
  const cases: readonly Pick<TokenCase, 'id' | 'check'>[] = corpus;
  return cases
    .filter((each) => each.check === check)
    .map(({ id }) => {
      const traced = requests.find((candidate) => candidate.case.id === id);
      return [
        id,
        traced === undefined
          ? unknown('CASE_NOT_RUN', `the forged token ${id} was not sent`)
          : forgedRefused(traced, code, grpc),
      ];
    });
}

interface ForgedOptions {
  /** What was shown; the sample's corpus when it is left out. */
  readonly corpus?: readonly TokenCase[];
  /** The requests were gRPC calls. */
  readonly grpc?: boolean;
}

function forgedRefused(traced: TokenRequest, code: ReasonCode, grpc: boolean): Verdict {
  const { id, why, expected } = traced.case;
  const who = `a forged token (${id}: ${why})`;
  if (expected.reason === 'TOO_LARGE') return tooLarge(traced, who, code);
  return refusedAs(traced, expected, { who, code, grpc });
}

/** By the sidecar, with this status and for this reason. */
export function refusedAs(
  traced: TracedRequest,
  { status, reason }: Pick<TokenCase['expected'], 'status' | 'reason'>,
  { who, code, grpc = false }: Pick<ExpectedRefusal, 'who' | 'code' | 'grpc'>,
): Verdict {
  const refused = refusedBySidecar(traced, { status, details: '', code, who, grpc });
  if (refused.kind !== 'pass') return refused;
  return tokenReasonOf(traced.sidecar?.response_code_details ?? '') === reason
    ? refused
    : fail('REFUSED_FOR_OTHER_REASON', `${who} should be refused as ${reason}; ${requestSeen(traced)}`);
}

/** The edge's HTTP server answers such a header by itself and writes nothing: nobody else has a record either. */
function tooLarge(traced: TracedRequest, who: string, code: ReasonCode): Verdict {
  return seeing(judgeTooLarge(traced, who, code), exchangeItem(traced));
}

function judgeTooLarge(traced: TracedRequest, who: string, code: ReasonCode): Verdict {
  const { status, edge, gateway, sidecar, app, echo } = traced;
  if (app !== undefined || echo !== undefined)
    return fail(code, `${who} reached the app: ${requestSeen(traced)}`);
  if (status === undefined) return unknown('NO_ANSWER', `${who}: ${requestSeen(traced)}`);
  if (sidecar !== undefined || gateway !== undefined || edge?.upstream !== undefined)
    return fail('REFUSED_ELSEWHERE', `${who} should be refused by the edge; ${requestSeen(traced)}`);
  return status === 431
    ? pass('431 before the edge logged the request')
    : fail('REFUSED_FOR_OTHER_REASON', `${who} should get 431 from the edge; ${requestSeen(traced)}`);
}
