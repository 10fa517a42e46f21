import { skip, unknown } from './check.ts';
import type { LookUp } from '../evidence/names.ts';
import { isBelowLocalhost } from '../topology/loopback.ts';
import type { Verdict } from './verdict.ts';

/** Each once, sorted; none where the name is not known. */
export function addressesOf(found: LookUp | undefined): readonly string[] {
  return found !== undefined && 'addresses' in found ? [...new Set(found.addresses)].toSorted() : [];
}

/** Answers of a resolver that there is no such name, or no such record of it; any other error is no answer at all. */
const NOTHING: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA']);

/** Whether a resolver was asked and answered: with addresses, or that there are none. */
function isAnswer(found: LookUp): boolean {
  return 'addresses' in found || NOTHING.has(found.error);
}

/** An error is no answer: what it would have been is not known. */
export function firstUnanswered(
  asked: readonly (readonly [what: string, found: LookUp])[],
): Verdict | undefined {
  const [what, found] = asked.find(([, one]) => !isAnswer(one)) ?? [];
  return what === undefined ? undefined : unknown('NAME_NOT_SEEN', `${what}: ${lookUpText(found)}`);
}

/** What a program meets whose resolver is broken, or has no network to ask through. */
const SILENT: ReadonlySet<string> = new Set([
  'EAI_AGAIN',
  'EAI_FAIL',
  'ECONNREFUSED',
  'EREFUSED',
  'ESERVFAIL',
  'ETIMEOUT',
  'TIMEOUT',
]);

/**
 * The same for names that resolvers should know without asking anybody (RFC 6761): on a machine that is offline
 * nobody is led astray below `localhost`, and nothing is proved either.
 */
export function firstUnansweredBelow(
  domain: string,
  asked: readonly (readonly [what: string, found: LookUp])[],
): Verdict | undefined {
  const unanswered = firstUnanswered(asked);
  const silent = asked.every(([, found]) => isAnswer(found) || SILENT.has(lookUpText(found)));
  if (unanswered === undefined || !silent || !isBelowLocalhost(domain)) return unanswered;
  const said = asked.map(([what, found]) => `${what}: ${lookUpText(found)}`);
  return skip(
    `the resolver does not answer (${said.join(', ')}); for names below localhost, this is not a failure`,
  );
}

/** What a resolver said, in one phrase. */
export function lookUpText(found: LookUp | undefined): string {
  if (found === undefined) return 'not requested';
  return 'addresses' in found ? found.addresses.join(', ') || 'nothing' : found.error;
}

/** curl tells one address of perhaps several. */
export function sameAnswer(one: LookUp | undefined, other: LookUp | undefined): boolean {
  return addressesOf(one).some((address) => addressesOf(other).includes(address));
}
