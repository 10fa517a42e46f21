import { consequenceOf } from '../consequence-codes.ts';
import { reasonText } from '../reasons.ts';
import { hasDecisions } from './affinity.ts';
import { type DriftFacts, identity, OBJECT, type Red, type Suspect } from './suspects.ts';

const ANY_OBJECT = new RegExp(OBJECT, 'g');

/** How a verdict writes a PeerAuthentication whose mode it reads: `apps/open (workload app=x) sets PERMISSIVE`. */
const MODE_OF = /(?:^|set by )([a-z0-9.-]+\/[a-z0-9.-]+) \(/;

/** A policy as a proxy reports it: `apps/orders-read#0`. */
const POLICY = /^([a-z0-9.-]+\/[a-z0-9.-]+)#\d+$/;

/**
 * Objects that verdicts name although nothing was read of the plan, or although what was read does not list them: each
 * with the first verdict that names it. Pure.
 */
export function namedObjects(reds: readonly Red[]): readonly Suspect[] {
  const first = new Map<string, Red>();
  for (const red of reds) for (const object of objectsIn(red)) if (!first.has(object)) first.set(object, red);
  return [...first].map(([object, told]) => suspectOf(object, told));
}

function objectsIn(red: Red): readonly string[] {
  const { id, verdict } = red;
  if (consequenceOf(verdict.code) !== undefined) return [];
  const mode = id === 'MD-MESH-004' ? MODE_OF.exec(verdict.message)?.[1] : undefined;
  if (mode !== undefined) return [`PeerAuthentication ${mode}`];
  const written = (verdict.message.match(ANY_OBJECT) ?? []).filter((object) =>
    hasDecisions(object.split(' ')[0] ?? ''),
  );
  return [...written, ...decidingPolicies(red)];
}

/** The policy that let a request pass which the access matrix denies. */
function decidingPolicies({ verdict }: Red): readonly string[] {
  if (verdict.code !== 'RBAC_TOO_WIDE') return [];
  return (verdict.evidence ?? []).flatMap((item) => {
    const path = item.kind === 'cell' ? POLICY.exec(item.policy ?? '')?.[1] : undefined;
    return path === undefined ? [] : [`AuthorizationPolicy ${path}`];
  });
}

function suspectOf(object: string, told: Red): Suspect {
  const { id, verdict } = told;
  const facts: DriftFacts = { told, since: null, remedies: verdict.remedies, lasting: false };
  return {
    ...facts,
    ...identity(id, object),
    place: 'cluster',
    title: `${object}: ${reasonText(verdict.code)}`,
    seen: verdict.message,
  };
}
