import { fail, pass, seeing, unknown } from './check.ts';
import type { CellRequest, ShotRequest } from '../evidence/corpora.ts';
import { type EvidenceItem, exchangeItem } from './evidence-item.ts';
import type { Verdict } from './verdict.ts';

type CellItem = Extract<EvidenceItem, { readonly kind: 'cell' }>;

/** Methods that rules usually name; the others are those that a list of methods forgets. */
export const COMMON_METHODS: readonly string[] = ['GET', 'POST', 'PUT', 'DELETE'];

/** What was expected of the cell and what became of it, with the policy that decided. */
export function judgeCell(traced: CellRequest): Verdict {
  const item = cellItem(traced);
  return seeing(judge(traced, item), item, exchangeItem(traced));
}

function judge({ case: cell, appTimes }: CellRequest, item: CellItem): Verdict {
  const told = inWords(item);
  if (item.actual === null) return unknown(item.status === null ? 'NO_ANSWER' : 'PATH_BROKEN', told);
  if (item.actual === 'allow' && cell.expected === 'deny') return fail('RBAC_TOO_WIDE', told);
  if (item.actual === 'deny' && cell.expected === 'allow')
    return fail(item.policy === null ? 'REFUSED_FOR_OTHER_REASON' : 'RBAC_LOCKED_OUT', told);
  if (item.actual === 'allow' && appTimes === 0)
    return unknown('NO_RECORD', `${told}; the app has no record`);
  if (item.actual === 'deny' && item.refuser !== 'sidecar') return fail('REFUSED_ELSEWHERE', told);
  if (item.actual === 'deny' && item.policy === null) return fail('REFUSED_FOR_OTHER_REASON', told);
  const decided = item.policy?.replace(/#.*$/, '') ?? null;
  if (decided === null) return pass(`${told}, the proxy does not report the policy`);
  return decided === cell.by ? pass(told) : fail('RBAC_OTHER_POLICY', `${told}; expected ${cell.by}`);
}

function cellItem(traced: CellRequest): CellItem {
  const { subject, method, path, expected } = traced.case;
  const actual = actualOf(traced);
  return {
    kind: 'cell',
    subject,
    method,
    path,
    expected,
    actual,
    status: traced.status ?? null,
    refuser: actual === 'deny' ? refuserOf(traced) : null,
    policy: policyOf(traced),
  };
}

/** Allowed is what reached the app, whatever the app answered. Null: nobody judged it. */
function actualOf({ app, sidecar, status, edge, gateway }: ShotRequest): CellItem['actual'] {
  if (app !== undefined || sidecar?.response_code_details === 'via_upstream') return 'allow';
  if (sidecar !== undefined) return 'deny';
  const refused = status !== undefined && status >= 400 && status < 500;
  return refused && (gateway !== undefined || edge?.upstream === undefined) ? 'deny' : null;
}

function refuserOf({ sidecar, gateway }: ShotRequest): CellItem['refuser'] {
  if (sidecar !== undefined) return 'sidecar';
  return gateway === undefined ? 'edge' : 'gateway';
}

/** A denial names its policy in the details, an allowance in the RBAC filter's metadata. */
export function policyOf({ sidecar }: Pick<ShotRequest, 'sidecar'>): string | null {
  const details = sidecar?.response_code_details ?? '';
  const [, matched] = /^rbac_access_denied_matched_policy\[(.*)\]$/.exec(details) ?? [];
  const name = matched ?? sidecar?.rbac_policy;
  if (name === undefined || name === 'none') return name ?? null;
  const [, namespace, policy, rule] = /^ns\[(.+)\]-policy\[(.+)\]-rule\[(\d+)\]$/.exec(name) ?? [];
  return rule === undefined ? name : `${namespace}/${policy}#${rule}`;
}

function inWords({ subject, method, path, expected, actual, status, refuser, policy }: CellItem): string {
  const seen = `${status === null ? 'no answer' : `HTTP ${status}`}${refuser === null ? '' : ` by the ${refuser}`}`;
  return `${subject} ${method} ${path}: expected ${expected}, actual ${actual ?? 'unknown'} (${seen}, policy ${policy ?? 'not reported'})`;
}
