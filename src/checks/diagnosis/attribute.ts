import type { AnyCheck } from '../check.ts';
import { consequenceOf } from '../consequence-codes.ts';
import { decides } from './affinity.ts';
import { type Place, reaches } from './reach.ts';
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
  const found = new Map<Red, Suspect>();
  for (const red of reds) {
    const own = suspects.find(({ told }) => told === red) ?? blamed(red, active, catalogue);
    if (own !== undefined) found.set(red, own);
  }
  return found;
}

function blamed(red: Red, active: readonly Suspect[], catalogue: Catalogue): Suspect | undefined {
  const able = active.filter((suspect) => canTurn(suspect, red, catalogue));
  // What does not run answers nobody: before it, what was read of others explains nothing that was not seen.
  const isHidden = consequenceOf(red.verdict.code) === 'unseen' && able[0]?.kind === 'container';
  if (isHidden) return able[0];
  return able.find((one) => mentions(one, red)) ?? able.find((one) => speaks(one, red)) ?? able[0];
}

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
