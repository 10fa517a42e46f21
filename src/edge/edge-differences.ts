import { type EdgeRule, rulesOf } from './edge-rules.ts';

/** So many differences are told, and so much of a value. */
const TOLD = 6;
const SHOWN = 160;

/**
 * What Caddy does beside its plan, each difference in words that say what it lets in; both are Caddy’s own JSON. Two that
 * differ only in the order of their routes have none. Pure.
 */
export function edgeDifferences(running: unknown, planned: unknown): readonly string[] {
  const [seen, wanted] = [rulesOf(running), rulesOf(planned)];
  const told = [...added(seen, wanted).map(addedText), ...added(wanted, seen).map(missingText)];
  const unique = [...new Set(told)];
  return unique.length <= TOLD
    ? unique
    : [...unique.slice(0, TOLD), `${unique.length - TOLD} more differences`];
}

/** Rules of one list that the other does not have as often. */
function added(some: readonly EdgeRule[], others: readonly EdgeRule[]): readonly EdgeRule[] {
  const left = new Map<string, number>();
  for (const each of others) left.set(keyOf(each), (left.get(keyOf(each)) ?? 0) + 1);
  return some.filter((each) => {
    const times = left.get(keyOf(each)) ?? 0;
    left.set(keyOf(each), times - 1);
    return times <= 0;
  });
}

function keyOf(rule: EdgeRule): string {
  return JSON.stringify(rule);
}

function addedText({ where, conditional, does }: EdgeRule): string {
  const which = where === '' ? 'every request' : where;
  switch (does.kind) {
    case 'listen':
      return `it also listens on ${does.value}`;
    case 'forward':
      return `it forwards ${which} to ${does.value}`;
    case 'answer':
      return `it answers ${which} itself: ${cut(does.value)}`;
    case 'remove-header':
      return `it removes the header ${does.value} ${conditional ? 'only ' : ''}from ${which}`;
    case 'set-header':
      return `it sets the header ${does.name} to ${cut(does.value)} in ${which}`;
    case 'setting':
      return `it sets ${does.name} to ${cut(does.value)}${forWhich(where)}`;
    case 'other':
      return `it also runs ${cut(does.value)}${forWhich(where)}`;
  }
}

function missingText({ where, does }: EdgeRule): string {
  const which = where === '' ? 'every request' : where;
  switch (does.kind) {
    case 'listen':
      return `it does not listen on ${does.value}`;
    case 'forward':
      return `it does not forward ${which} to ${does.value}`;
    case 'answer':
      return `it does not answer ${which} itself: ${cut(does.value)}`;
    case 'remove-header':
      return `it keeps the header ${does.value} of clients in ${which}`;
    case 'set-header':
      return `it does not set the header ${does.name} in ${which}`;
    case 'setting':
      return `it does not set ${does.name} to ${cut(does.value)}${forWhich(where)}`;
    case 'other':
      return `it does not run ${cut(does.value)}${forWhich(where)}`;
  }
}

function forWhich(where: string): string {
  return where === '' ? '' : ` for ${where}`;
}

function cut(text: string): string {
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`;
}
