import { type Cases, eachCase, fail, pass, skip, warn } from './check.ts';
import type { Analysis } from '../evidence/analysis.ts';
import type { Verdict } from './verdict.ts';

type Message = Extract<Analysis, { readonly kind: 'analysed' }>['messages'][number];

/** Pure: one case for each message; what meshdev made has none. */
export function judgeAnalysis(analysis: Analysis): Verdict | Cases {
  if (analysis.kind === 'no-istioctl')
    return skip(`the istioctl that created this lab does not exist: ${analysis.because}`);
  const { messages } = analysis;
  return messages.length === 0
    ? pass('no message of level Info or higher')
    : eachCase(messages.map((message) => [caseOf(message), judgeMessage(message)]));
}

function caseOf({ code, origin }: Message): string {
  return [code, ...origin.split(/[ /]/)].filter((part) => part !== '').join('-');
}

/** The words of istioctl name the command, where there is one. */
function judgeMessage({ code, level, message, origin, planned }: Message): Verdict {
  const told = `${code} (${level}) ${origin}: ${message}`;
  if (planned) return fail('DRIFT_ANALYSIS', told);
  const judged = level === 'Error' ? fail : warn;
  return judged('DRIFT_ANALYSIS', told, ['meshdev check MD-DRIFT-006']);
}
