import { consequenceOf } from '../consequence-codes.ts';
import type { Catalogue } from './attribute.ts';
import type { Red } from './suspects.ts';

/** What a cause does to people, from the verdicts that it explains; the worst first. Pure. */
export function effectOf(told: Red, explained: readonly Red[], catalogue: Catalogue): string {
  const fails = explained.filter(({ verdict }) => verdict.kind === 'fail');
  const refused = fails.filter(({ verdict }) => consequenceOf(verdict.code) === 'honest');
  const accepted = fails.filter((red) => isAccepted(red) && !(refused.length > 0 && isEither(red)));
  const parts = [
    ...(refused.length === 0 ? [] : [`valid requests do not pass (${some(refused)})`]),
    ...(accepted.length === 0 ? [] : [`requests that must be refused pass (${some(accepted)})`]),
  ];
  if (parts.length > 0) return parts.join('; ');
  const worst = fails.find(({ id }) => id !== told.id) ?? told;
  return catalogue.get(worst.id)?.impact ?? 'a link of the trust chain is not verified';
}

function isAccepted({ polarity, verdict }: Red): boolean {
  return polarity === 'negative' && consequenceOf(verdict.code) === undefined;
}

/** Said of a forgery that passed, and of an honest spelling of the host that did not. */
function isEither({ verdict }: Red): boolean {
  return verdict.code === 'EDGE_NOT_MISDIRECTED';
}

/** How many ids an effect names. */
const NAMED = 3;

/** The plainest first: the honest read, valid tokens, the access matrix. */
const PLAIN: ReadonlySet<string> = new Set(['MD-WRK-001', 'MD-JWT-001', 'MD-RBAC-001']);

function some(reds: readonly Red[]): string {
  const all = [...new Set(reds.map(({ id }) => id))];
  const ids = [...all.filter((id) => PLAIN.has(id)), ...all.filter((id) => !PLAIN.has(id))];
  const more = ids.length - NAMED;
  return more > 0 ? `${ids.slice(0, NAMED).join(', ')} and ${more} more` : ids.join(', ');
}
