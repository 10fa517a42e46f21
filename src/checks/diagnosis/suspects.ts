import { foreignIn } from '../foreign-objects.ts';
import { AS_MADE, FOREIGN_OBJECTS } from '../foreign-remedies.ts';
import type { CheckResult, Verdict } from '../verdict.ts';
import type { Cause } from './cause.ts';
import type { Place } from './reach.ts';

export type Red = CheckResult & { readonly verdict: Told };
export type Told = Extract<Verdict, { readonly remedies: readonly string[] }>;

/** A cause as the verdict that tells it names it. */
export type Named = Omit<Cause, 'explains' | 'effect' | 'verdict'>;

/** What every difference from the plan has in common. */
export type DriftFacts = Pick<Suspect, 'told' | 'since' | 'remedies' | 'lasting'>;

/** Something concrete that a verdict names as not being what it should be. */
export interface Suspect extends Named {
  /** `AuthorizationPolicy`, `Caddy`, `container`. */
  readonly kind: string;
  readonly place: Place;
  /** The verdict that names it. */
  readonly told: Red;
}

/** An object as verdicts write it: kind, then namespace and name. */
export const OBJECT = String.raw`[A-Z][A-Za-z]+ (?:[a-z0-9.-]+\/)?[a-z0-9.-]+`;
const DIFFERENCE = new RegExp(`^(${OBJECT})(?:: (.+)| is (missing))$`, 's');
const OBJECTS = new RegExp(OBJECT, 'g');

export function isRed(result: CheckResult): result is Red {
  return 'remedies' in result.verdict;
}

/** What the reads of the lab name: containers that do not run, what differs from the plan, what nobody declared. Pure. */
export function suspectsOf(reds: readonly Red[]): readonly Suspect[] {
  return reds.flatMap((told) => [...stopped(told), ...drifted(told), ...foreign(told)]);
}

const CONTAINERS: Readonly<Record<string, Place>> = {
  'MD-WRK-005': 'edge',
  'MD-WRK-006': 'idp',
  'MD-WRK-007': 'node',
  'MD-WRK-008': 'probe',
};

function stopped(told: Red): readonly Suspect[] {
  const { id, verdict } = told;
  const place = CONTAINERS[id];
  if (place === undefined || verdict.kind !== 'fail') return [];
  const object = /container (\S+)/.exec(verdict.message)?.[1];
  return [
    {
      id,
      kind: 'container',
      place,
      title: verdict.message,
      object: object === undefined ? null : `container ${object}`,
      seen: null,
      since: null,
      remedies: verdict.remedies,
      lasting: false,
      told,
    },
  ];
}

function drifted(told: Red): readonly Suspect[] {
  const { id, verdict } = told;
  if (id !== AS_MADE || verdict.kind !== 'fail') return [];
  const own = { told, since: null, remedies: verdict.remedies, lasting: true } as const;
  return verdict.message.split(NEXT).flatMap((text) => driftOf(text, own));
}

/** How the difference of the edge begins, whether it runs another configuration or has another file. */
const CADDY = String.raw`\S+-edge runs a configuration that is not the planned one|\S+ in \S+-edge was changed`;

/** Differences are joined by dots; a value may hold one too, so only the beginning of a difference ends the one before. */
const NEXT = new RegExp(` · (?=Istio: |${CADDY}|${OBJECT}(?:: | is missing(?:$| · )))`);

function driftOf(text: string, own: DriftFacts): readonly Suspect[] {
  const [, object, seen, missing] = DIFFERENCE.exec(text) ?? [];
  if (new RegExp(`^(?:${CADDY})`).test(text)) return [caddyDrift(text, own)];
  const common = { ...own, place: 'cluster' } as const;
  if (object !== undefined && missing === undefined) {
    const title = `${object} differs from the plan`;
    return [{ ...common, ...identity(AS_MADE, object), title, seen: seen ?? null }];
  }
  if (object !== undefined)
    return [{ ...common, ...identity(AS_MADE, object), title: `${object} is missing`, seen: null }];
  const changed = text.startsWith('Istio: ') ? (text.match(OBJECTS) ?? []) : [];
  if (changed.length > 0)
    return changed.map((each) => ({
      ...common,
      ...identity(AS_MADE, each),
      title: `${each} was changed since Istio was installed`,
      seen: null,
    }));
  return [{ ...common, id: `${AS_MADE}:other`, kind: 'Istio', object: null, title: text, seen: null }];
}

function caddyDrift(text: string, own: DriftFacts): Suspect {
  const [, seen = text] = /: (.+)$/s.exec(text) ?? [];
  return {
    ...own,
    id: `${AS_MADE}:Caddy`,
    kind: 'Caddy',
    place: 'edge',
    title: 'Caddy does not run the configuration that meshdev planned',
    object: 'Caddy',
    seen,
  };
}

function foreign(told: Red): readonly Suspect[] {
  const { id, verdict } = told;
  if (id !== FOREIGN_OBJECTS || verdict.code !== 'DRIFT_FOREIGN_OBJECT') return [];
  return foreignIn(verdict.message).map(({ object, since, effect }) => ({
    ...identity(id, object),
    place: 'cluster',
    title: `${object} was not created by meshdev`,
    seen: effect,
    since,
    remedies: removalAmong(verdict.remedies, object),
    lasting: true,
    told,
  }));
}

/** What an object is called, and the stable id of a cause that this check names. */
export function identity(id: string, object: string): Pick<Suspect, 'id' | 'kind' | 'object'> {
  const [kind = '', path = ''] = object.split(' ');
  return { id: `${id}:${kind}/${path}`, kind, object };
}

/** The command that removes this object; all of them where none is about it alone. */
function removalAmong(remedies: readonly string[], object: string): readonly string[] {
  const [kind = '', path = ''] = object.split(' ');
  const [namespace = '', name = ''] = path.split('/');
  const own = remedies.filter((remedy) =>
    remedy.endsWith(` delete ${kind.toLowerCase()} -n ${namespace} ${name}`),
  );
  return own.length === 0 ? remedies : own;
}
