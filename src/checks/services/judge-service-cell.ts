import type { ServiceCellSeen } from '../../evidence/services/service-cells.ts';
import type { PodAnswer } from '../../evidence/services/service-wire.ts';
import type { TracedRequest } from '../../evidence/traced-request.ts';
import type { ProxyRecord } from '../../records/proxy-record.ts';
import type { ServiceCell } from '../../topology/service-matrix.ts';
import type { Service } from '../../topology/service.ts';
import { fail, pass, seeing, unknown } from '../check.ts';
import { requestSeen, wireSeen } from '../describe.ts';
import { type EvidenceItem, exchangeItem, handshakeItem } from '../evidence-item.ts';
import { policyOf } from '../judge-cell.ts';
import type { Verdict } from '../verdict.ts';
import { acrossPods } from './across-pods.ts';

type CellItem = Extract<EvidenceItem, { readonly kind: 'cell' }>;
type Sent = Exclude<ServiceCellSeen, { how: 'configuration' }>;

/** What was expected of the cell and what became of it, with the policy that decided. */
export function cellVerdict(seen: Sent, service: Service): Verdict {
  switch (seen.how) {
    case 'not-asked':
      return unknown('CASE_NOT_RUN', `${inWords(seen.cell)}: not sent: ${seen.because}`);
    case 'edge':
      return edgeVerdict(seen.cell, seen.traced);
    case 'mesh':
      return acrossPods(
        service,
        seen.answers.map((answer) => ({
          pod: answer.pod,
          verdict: meshVerdict(seen.cell, answer),
        })),
      );
  }
}

/** Of people: the sidecar has to have seen it, since it alone decides. */
function edgeVerdict(cell: ServiceCell, traced: TracedRequest): Verdict {
  const { sidecar, gateway, edge, status, meshdevId } = traced;
  const actual = actualOf(sidecar);
  const refuser = sidecar !== undefined ? 'sidecar' : gateway !== undefined ? 'gateway' : 'edge';
  const item = cellItem(cell, { actual, status, refuser, sidecar });
  const told = `${inWords(cell)}: ${requestSeen(traced)}`;
  const judge = (): Verdict => {
    if (status === undefined) return unknown('NO_ANSWER', told);
    if (sidecar !== undefined && sidecar.meshdev_id !== meshdevId)
      return unknown('NO_RECORD', `${told}; the record of the sidecar is of another request`);
    if (sidecar !== undefined) return decide(cell, sidecar, told);
    const isUntold =
      gateway?.response_code_details === 'via_upstream' ||
      (gateway === undefined && edge?.upstream !== undefined && edge.error === undefined);
    if (isUntold) return unknown('NO_RECORD', `${told}; the sidecar has no record`);
    return cell.expected === 'deny' && status >= 400 && status < 500
      ? fail('REFUSED_ELSEWHERE', `${told}; the sidecar should refuse`)
      : unknown('PATH_BROKEN', told);
  };
  return seeing(judge(), item, exchangeItem(traced));
}

function meshVerdict(cell: ServiceCell, { wire, record }: PodAnswer): Verdict {
  const told = `${inWords(cell)}: ${wireSeen(wire)}`;
  const item = cellItem(cell, {
    actual: actualOf(record),
    status: wire.status,
    refuser: 'sidecar',
    sidecar: record,
  });
  const judge = (): Verdict => {
    if (wire.status === undefined) return unknown(wire.ended === 'timeout' ? 'TIMED_OUT' : 'NO_ANSWER', told);
    return record === undefined
      ? unknown('NO_RECORD', `${told}; the sidecar has no record`)
      : decide(cell, record, told);
  };
  return seeing(judge(), item, handshakeItem(wire));
}

/** By the sidecar's own record: allowed is what it handed to its app, whatever the app answered. */
function decide(cell: ServiceCell, record: ProxyRecord, told: string): Verdict {
  const actual = actualOf(record);
  const details = record.response_code_details ?? 'no details';
  if (actual === null)
    return cell.expected === 'deny'
      ? fail('REFUSED_FOR_OTHER_REASON', `${told}; ${details}, expected a refusal by policy`)
      : fail('RBAC_LOCKED_OUT', `${told}; ${details}`);
  const policy = policyOf({ sidecar: record });
  const seen = `${told}, ${actual} by policy ${policy ?? 'not reported'}`;
  if (actual === 'allow' && cell.expected === 'deny') return fail('RBAC_TOO_WIDE', seen);
  if (actual === 'deny' && cell.expected === 'allow') return fail('RBAC_LOCKED_OUT', seen);
  const decided = policy?.replace(/#.*$/, '') ?? null;
  // A denial for want of a policy names none.
  const expected = cell.allowedBy.length === 0 ? ['none'] : cell.allowedBy;
  if (decided === null || expected.includes(decided)) return pass(seen);
  return fail('RBAC_OTHER_POLICY', `${seen}; expected ${expected.join(' or ')}`);
}

/** Null: it was neither handed on nor refused by a policy; a token that is missing is refused by a policy. */
function actualOf(record: ProxyRecord | undefined): CellItem['actual'] {
  const details = record?.response_code_details;
  if (details === 'via_upstream') return 'allow';
  return details?.startsWith('rbac_access_denied') === true ? 'deny' : null;
}

interface CellFacts {
  readonly actual: CellItem['actual'];
  readonly status: number | undefined;
  readonly refuser: CellItem['refuser'];
  readonly sidecar: ProxyRecord | undefined;
}

function cellItem(cell: ServiceCell, { actual, status, refuser, sidecar }: CellFacts): CellItem {
  return {
    kind: 'cell',
    subject: cell.subject,
    method: cell.method ?? '',
    path: cell.path ?? '',
    expected: cell.expected,
    actual,
    status: status ?? null,
    refuser: actual === 'allow' ? null : refuser,
    policy: policyOf({ sidecar }),
  };
}

function inWords({ subject, method, path, expected }: ServiceCell): string {
  const what = method === undefined ? 'connects' : `${method} ${path ?? ''}`;
  return `${subject} ${what} (expected ${expected})`;
}
