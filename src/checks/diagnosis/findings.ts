import { reasonText } from '../reasons.ts';
import type { AnyCheck } from '../check.ts';
import { consequenceOf, type Consequence } from '../consequence-codes.ts';
import { placeOf } from '../consequences.ts';
import { nameOf } from '../verdict.ts';
import type { Catalogue } from './attribute.ts';
import type { Named, Red } from './suspects.ts';
import { AS_MADE } from '../foreign-remedies.ts';
import { walksChain } from './reach.ts';

/** A cause that only its own verdicts tell, and what follows from it. */
export interface Finding {
  readonly cause: Named;
  readonly told: Red;
  readonly reds: readonly Red[];
}

/**
 * Causes of what no suspect explains: again and again the verdict that stands first, with what follows from it.
 * Findings come before symptoms, reads before requests, and what is earlier in the chain before what is later. Pure.
 * @param upSeesAll whether `up` found everything as planned, and so would change nothing
 */
export function findingsIn(
  left: readonly Red[],
  catalogue: Catalogue,
  upSeesAll: boolean,
): readonly Finding[] {
  const found: Finding[] = [];
  let rest = left.toSorted((a, b) => compare(rankOf(a, catalogue), rankOf(b, catalogue)));
  for (let first = rest[0]; first !== undefined; first = rest[0]) {
    const root = first;
    const own = rest.filter((red) => red === root || follows(red, root, catalogue));
    found.push({ cause: causeOf(root, own, upSeesAll), told: root, reds: own });
    const taken = new Set(own);
    rest = rest.filter((red) => !taken.has(red));
  }
  return found;
}

type Rank = readonly number[];

function rankOf(red: Red, catalogue: Catalogue): Rank {
  const { verdict } = red;
  const symptom = consequenceOf(verdict.code);
  const check = catalogue.get(red.id);
  return [
    SYMPTOMS.indexOf(symptom),
    ['fail', 'unknown', 'warn'].indexOf(verdict.kind),
    check !== undefined && isRead(check) ? 0 : 1,
    placeOf(red),
    red.polarity === 'positive' ? 0 : 1,
  ];
}

/** Findings of their own first, then symptoms, in the order in which they say something. */
const SYMPTOMS: readonly (Consequence | undefined)[] = [undefined, 'honest', 'elsewhere', 'unseen', 'named'];

function compare(a: Rank, b: Rank): number {
  for (const [at, number] of a.entries()) {
    const other = b[at] ?? 0;
    if (number !== other) return number - other;
  }
  return 0;
}

/** What is read beside the traffic. */
const READS: ReadonlySet<string> = new Set([
  'parts',
  'pods',
  'proxies',
  'policy.state',
  'mesh.state',
  'cluster.state',
  'edge.running',
  'edge.state',
  'versions',
  'analysis',
  'istiod.trust',
  'listeners',
  'private.files',
  'key.copies',
  'machine',
  'leaks',
  'certificates',
  'policy',
  'anchors',
  'names',
  'idp.state',
  'tokens',
]);

function isRead({ evidence }: AnyCheck): boolean {
  return evidence.every((key) => READS.has(key));
}

/**
 * The same check for the same reason; the same thing that was not seen; and a symptom at the same place or behind it, or
 * of a request through the whole chain, if a link is broken there. A forgery that was accepted breaks no link: nothing follows from it.
 */
function follows(red: Red, root: Red, catalogue: Catalogue): boolean {
  if (red.service !== root.service && root.service !== undefined) return false;
  if (red.id === root.id && red.service === root.service)
    return red.verdict.code === root.verdict.code || consequenceOf(red.verdict.code) !== undefined;
  const symptom = consequenceOf(red.verdict.code);
  if (symptom === undefined || symptom === 'named') return false;
  if (consequenceOf(root.verdict.code) === 'unseen')
    return symptom === 'unseen' && (placeOf(red) >= placeOf(root) || tail(red) === tail(root));
  if (root.polarity !== 'positive' || root.verdict.kind === 'warn') return false;
  const check = catalogue.get(red.id);
  return placeOf(red) >= placeOf(root) || (check !== undefined && walksChain(red, check));
}

/** The last words of a message: of evidence that several checks lack, the reason that all of them give. */
function tail({ verdict }: Red): string {
  return verdict.message.slice(verdict.message.indexOf(': ') + 2);
}

function causeOf(root: Red, own: readonly Red[], upSeesAll: boolean): Named {
  const { id, service, verdict } = root;
  return {
    id: `${nameOf(service === undefined ? { id } : { id, service })}:${verdict.code}`,
    title: `${reasonText(verdict.code)}${casesOf(root, own)}`,
    object: null,
    seen: verdict.message,
    since: null,
    remedies: remediesOf(root, upSeesAll),
    lasting: LASTING.test(verdict.code),
  };
}

/** How many cases a title names. */
const CASES = 3;

/** The cases of the check that tells it: they name what the reason leaves open. */
function casesOf(root: Red, own: readonly Red[]): string {
  const cases = own.flatMap((red) =>
    red.id === root.id && red.service === root.service && red.case !== undefined ? [red.case] : [],
  );
  if (cases.length === 0) return '';
  const more = cases.length - CASES;
  const names = cases.slice(0, CASES).join(', ');
  return more > 0 ? ` (${names} and ${more} more)` : ` (${names})`;
}

/** Said of objects as they are stored, and of files: the next look finds the same. */
const LASTING =
  /^(?:RBAC_DETACHED|GW_HOST_TWICE|GW_WILDCARD_HOST|DRIFT_ANALYSIS|DRIFT_NODE_PATCH|EXPO_HOST_MOUNTED)$/;

/** What `up` compares with its plan, beside the objects and the configuration that MD-DRIFT-001 reads. */
const UP_COMPARES = /^MD-(?:WRK-0(?:0[5-9]|10)|CERT-\d+|EDGE-0(?:0[1-5]|12)|DRIFT-00[12])$/;

/** `up` repairs what differs from its plan. Where nothing does, it would change nothing. */
function remediesOf({ id, verdict }: Red, upSeesAll: boolean): readonly string[] {
  if (!upSeesAll || id === AS_MADE || UP_COMPARES.test(id)) return verdict.remedies;
  const others = verdict.remedies.filter((remedy) => !/^meshdev up\b/.test(remedy));
  return others.length > 0 ? others : [`meshdev explain ${id}`];
}
