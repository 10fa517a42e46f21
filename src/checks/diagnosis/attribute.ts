import type { AnyCheck } from '../check.ts';
import { consequenceOf } from '../consequence-codes.ts';
import { decides } from './affinity.ts';
import { type Place, reaches, walksChain } from './reach.ts';
import type { Red, Suspect } from './suspects.ts';

/** Checks by id. */
export type Catalogue = ReadonlyMap<string, AnyCheck>;

/** A part that does not run hides more than one that is configured otherwise; then in the order of the chain. */
const PLACES: readonly Place[] = ['probe', 'node', 'edge', 'idp', 'cluster'];

/**
 * Suspects that something speaks against: a part that does not run always, an object where a verdict beside the one
 * that tells it names it or is what objects of its kind decide. Pure.
 */
function activeAmong(
  suspects: readonly Suspect[],
  reds: readonly Red[],
  catalogue: Catalogue,
): readonly Suspect[] {
  return suspects.filter(
    (suspect) =>
      suspect.kind === 'container' ||
      reds.some((red) => red !== suspect.told && canTurn(suspect, red, catalogue) && speaks(suspect, red)),
  );
}

/** Of each verdict the suspect that explains it; none where no suspect can. Pure. */
export function attributed(
  reds: readonly Red[],
  suspects: readonly Suspect[],
  catalogue: Catalogue,
): ReadonlyMap<Red, Suspect> {
  const active = activeAmong(suspects, reds, catalogue).toSorted(
    (a, b) => PLACES.indexOf(a.place) - PLACES.indexOf(b.place),
  );
  const honest = honestBlame(reds, active, catalogue);
  const found = new Map<Red, Suspect>();
  const isUnseen = ({ verdict }: Red): boolean => consequenceOf(verdict.code) === 'unseen';
  // What was not seen says nothing of itself: whoever stops valid requests hides it first.
  for (const red of [...reds.filter((one) => !isUnseen(one)), ...reds.filter(isUnseen)]) {
    const own =
      suspects.find(({ told }) => told === red) ??
      (isSymptomOfAll(red, honest, catalogue) ? honest : undefined) ??
      (isUnseen(red) ? hiding(red, found, catalogue) : undefined) ??
      blamed(red, active, catalogue);
    if (own !== undefined) found.set(red, own);
  }
  return found;
}

/** The suspect that stops most valid requests, if it can hide this verdict; a part that does not run comes first anyway. */
function hiding(red: Red, found: ReadonlyMap<Red, Suspect>, catalogue: Catalogue): Suspect | undefined {
  const stopped = [...found].filter(([one]) => consequenceOf(one.verdict.code) === 'honest');
  const counts = Map.groupBy(stopped, ([, suspect]) => suspect);
  const check = catalogue.get(red.id);
  if (check === undefined || !walksChain(red, check)) return undefined;
  return [...counts]
    .filter(([suspect]) => canTurn(suspect, red, catalogue))
    .toSorted(([, a], [, b]) => b.length - a.length)[0]?.[0];
}

/** The honest read, and valid tokens on it: whatever needs a request that passes waits for these. */
const HONEST: ReadonlySet<string> = new Set(['MD-WRK-001', 'MD-JWT-001']);

/** The suspect that stops the honest request of the lab; undefined while it passes, or where none does. */
function honestBlame(
  reds: readonly Red[],
  active: readonly Suspect[],
  catalogue: Catalogue,
): Suspect | undefined {
  const stopped = reds.find(
    ({ id, service, verdict }) =>
      HONEST.has(id) && service === undefined && consequenceOf(verdict.code) === 'honest',
  );
  return stopped === undefined ? undefined : blamed(stopped, active, catalogue);
}

/** A symptom of requests through the whole chain, none of which passes. */
function isSymptomOfAll(red: Red, honest: Suspect | undefined, catalogue: Catalogue): boolean {
  const check = catalogue.get(red.id);
  const isSymptom = consequenceOf(red.verdict.code) !== undefined || isHonestHost(red);
  return (
    honest !== undefined &&
    check !== undefined &&
    isSymptom &&
    walksChain(red, check) &&
    canTurn(honest, red, catalogue)
  );
}

/** An honest spelling of the host that the edge forwarded, and that a proxy refused. */
function isHonestHost({ verdict }: Red): boolean {
  return verdict.code === 'EDGE_NOT_MISDIRECTED' && DECIDED_IN_CLUSTER.test(verdict.message);
}

function blamed(red: Red, active: readonly Suspect[], catalogue: Catalogue): Suspect | undefined {
  const able = active.filter((suspect) => canTurn(suspect, red, catalogue));
  // What does not run answers nobody: before it, what was read of others explains nothing that was not seen.
  const isHidden = consequenceOf(red.verdict.code) === 'unseen' && able[0]?.kind === 'container';
  if (isHidden) return able[0];
  const inCluster = DECIDED_IN_CLUSTER.test(red.verdict.message);
  const nearest = inCluster
    ? [...able.filter(({ place }) => place === 'cluster'), ...able.filter(({ place }) => place !== 'cluster')]
    : able;
  return nearest.find((one) => mentions(one, red)) ?? nearest.find((one) => speaks(one, red)) ?? nearest[0];
}

/** The innermost component that saw the request is a proxy: the request passed the edge. */
const DECIDED_IN_CLUSTER = /; (?:gateway|sidecar): /;

function canTurn({ place }: Suspect, red: Red, catalogue: Catalogue): boolean {
  const check = catalogue.get(red.id);
  return check !== undefined && reaches(place, red, check);
}

function speaks(suspect: Suspect, red: Red): boolean {
  return mentions(suspect, red) || decides(suspect.kind, `${red.id} ${red.verdict.code}`);
}

/** By its namespace and name, not as the beginning of a longer one. */
function mentions({ object }: Suspect, { verdict }: Red): boolean {
  const path = object?.split(' ')[1];
  const at = path === undefined ? -1 : verdict.message.indexOf(path);
  if (path === undefined || at === -1) return false;
  return (
    !/[\w.-]/.test(verdict.message[at + path.length] ?? '') && !/[\w.-]/.test(verdict.message[at - 1] ?? '')
  );
}
