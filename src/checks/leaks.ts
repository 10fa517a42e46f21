import type { Lab } from '../topology/lab.ts';
import { fail, pass, unknown } from './check.ts';
import type { Leak, LeakedLine, Leaks, LogPlace } from '../evidence/exposure.ts';
import type { Verdict } from './verdict.ts';

/** Nothing that was searched holds a secret of the lab, or a token that would be accepted now. */
export function leakVerdict({ found, searched, dead }: Leaks, lab: Lab): Verdict {
  if (found.length > 0)
    return fail('EXPO_SECRET_LEAKED', found.map(leakSeen).join(' · '), remediesFor(found, lab));
  const bytes = searched.reduce((sum, place) => sum + place.bytes, 0);
  if (bytes === 0) return unknown('EVIDENCE_MISSING', 'there was no data to search');
  const partly = searched.filter((place) => place.partly === true).map(({ place }) => place);
  return pass(
    [
      `${searched.length} places, ${Math.round(bytes / 1024)} KiB`,
      ...(dead === 0 ? [] : [`no component accepts the ${dead} tokens in logs`]),
      ...(partly.length === 0 ? [] : [`only the newest part of ${partly.join(', ')}`]),
    ].join('; '),
  );
}

function leakSeen({ what, where, line, token }: Leak): string {
  const until = token?.until === undefined ? '' : `, accepted until ${timeOf(token.until)}`;
  return `${what} in the ${where}${line === undefined ? '' : lineSeen(line)}${until}`;
}

function lineSeen({ at, request, id, times }: LeakedLine): string {
  const by = id === undefined ? '' : `, request ${id}`;
  const more = times === 1 ? '' : `, and in ${times - 1} more lines`;
  return `: ${request ?? 'a line'} of ${at.slice(0, 19)}Z${by}${more}`;
}

function timeOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/**
 * A token ends by itself: the log that holds it is enough to be rid of. `meshdev up` makes a container anew that is gone,
 * and puts back what is logged, before the logs of pods are emptied. Any other secret has to change.
 */
function remediesFor(found: readonly Leak[], { cluster: { node } }: Lab): readonly string[] {
  if (found.some(({ token, line }) => token === undefined || line === undefined))
    return ['meshdev down', 'meshdev up'];
  const places = found.flatMap(({ line }) => (line === undefined ? [] : [line.log]));
  const before = places.flatMap((place) =>
    place.kind === 'container' ? [`docker rm -f ${place.name}`] : [],
  );
  const after = places.flatMap((place) => (place.kind === 'container' ? [] : emptied(place, node)));
  return [...new Set([...before, 'meshdev up', ...after, 'meshdev check MD-EXPO-010'])];
}

/** In place: no pod has to be made anew, and the runtime goes on at the new end. */
function emptied(place: Exclude<LogPlace, { kind: 'container' }>, node: string): readonly string[] {
  if (place.kind === 'journal') return [`docker exec ${node} journalctl --rotate --vacuum-time=1s`];
  const files = `*/${place.namespace}_${place.pod}_*/${place.container}/*`;
  return [`docker exec ${node} find /var/log/pods -path '${files}' -exec truncate -s 0 {} +`];
}
