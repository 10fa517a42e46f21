import { join } from 'node:path';
import { MeshdevError } from '../errors/meshdev-error.ts';
import type { Container, ContainerEngine, Labels } from '../ports/container-engine.ts';
import type { Lab } from '../topology/lab.ts';
import { KIND_CLUSTER, LABEL, MANAGED_BY, ownerIn, type OwnerMark } from '../topology/labels.ts';
import { labPaths } from '../topology/paths.ts';
import type { LabContext } from './lab-context.ts';
import { type OwnState, readMark } from './lab-owner.ts';

/** One object of a lab on the engine, and whose it says that it is. */
export interface Mark {
  /** `network meshdev-demo` */
  readonly what: string;
  /** Undefined where nobody wrote it down: by a version before, or by kind on its node. */
  readonly owner: OwnerMark | undefined;
  /** The node's: where its API server is published. Its cluster has no other mark. */
  readonly apiPort?: number | undefined;
}

export type Whose =
  | { readonly kind: 'nobody' | 'ours' }
  /** `owner` is undefined where nobody wrote it down. */
  | { readonly kind: 'foreign'; readonly owner: OwnerMark | undefined; readonly what: readonly string[] };

/**
 * Pure: whose the lab of this name is. One object of another owner makes it foreign. What has no mark goes with
 * what has ours; alone it is ours only if this state directory has a lab from before there were marks (or the
 * lone node's lab), and the kubeconfig does not speak of another node.
 */
export function whoseIs(marks: readonly Mark[], own: OwnState): Whose {
  if (marks.length === 0) return { kind: 'nobody' };
  const foreign = marks.filter(({ owner }) => owner !== undefined && owner.id !== own.mark?.id);
  if (foreign.length > 0)
    return { kind: 'foreign', owner: foreign[0]?.owner, what: foreign.map(({ what }) => what) };
  if (marks.some(({ owner }) => owner !== undefined)) return { kind: 'ours' };
  return isOursUnmarked(marks, own)
    ? { kind: 'ours' }
    : { kind: 'foreign', owner: undefined, what: marks.map(({ what }) => what) };
}

function isOursUnmarked(marks: readonly Mark[], { mark, unmarkedIsOurs, apiPort }: OwnState): boolean {
  // With a mark of our own the kubeconfig may be of a node that is being made anew.
  if (mark !== undefined) return unmarkedIsOurs || marks.every((one) => 'apiPort' in one);
  const ports = marks.flatMap((one) => (one.apiPort === undefined ? [] : [one.apiPort]));
  return unmarkedIsOurs && (apiPort === undefined || ports.length === 0 || ports.includes(apiPort));
}

/** All that the engine has of the lab of this name, the node included. */
export async function marksOf(
  engine: Pick<ContainerEngine, 'containers' | 'networks' | 'volumes'>,
  lab: Lab,
  signal: AbortSignal,
): Promise<readonly Mark[]> {
  const labels = { [LABEL.managedBy]: MANAGED_BY, [LABEL.lab]: lab.name };
  const [containers, networks, volumes, nodes] = await Promise.all([
    engine.containers.list(labels, signal),
    engine.networks.list(labels, signal),
    engine.volumes.list(labels, signal),
    engine.containers.list({ [KIND_CLUSTER]: lab.cluster.name }, signal),
  ]);
  const places = await placesOf(
    engine,
    lab,
    networks.map(({ name }) => name),
    signal,
  );
  return [
    ...networks.map((one) => markOf('network', one)),
    ...containers.map((one) => markOf('container', one)),
    ...volumes.map((one) => markOf('volume', one)),
    ...nodes.filter((one) => isOnOneOf(one, places)).map(nodeMark),
  ];
}

/** A network that is gone still stands in the node that was on it; one that is somebody else's does not count. */
export async function placesOf(
  engine: Pick<ContainerEngine, 'networks'>,
  { network }: Lab,
  networks: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (networks.includes(network)) return networks;
  const foreign = await engine.networks.inspect(network, signal);
  return foreign === undefined ? [...networks, network] : networks;
}

function markOf(kind: string, { name, labels }: { readonly name: string; readonly labels: Labels }): Mark {
  return { what: `${kind} ${name}`, owner: ownerIn(labels) };
}

const API_SERVER_PORT = 6443;

function nodeMark({ name, ports }: Container): Mark {
  const published = ports.find(({ containerPort }) => containerPort === API_SERVER_PORT);
  return { what: `node ${name}`, owner: undefined, apiPort: published?.hostPort };
}

function isOnOneOf({ networks }: Container, places: readonly string[]): boolean {
  return networks.some(({ network }) => places.includes(network));
}

/**
 * Refuses to work on a lab that another state directory made.
 * @throws MeshdevError LAB_FOREIGN naming owner, directory and age
 */
export async function refuseForeignLab(
  { lab, owner, paths }: Pick<LabContext, 'lab' | 'owner' | 'paths'>,
  engine: Pick<ContainerEngine, 'containers' | 'networks' | 'volumes'>,
  signal: AbortSignal,
): Promise<void> {
  const whose = whoseIs(await marksOf(engine, lab, signal), await owner.read());
  if (whose.kind === 'foreign') throw foreignLab(lab.name, whose, { here: paths.stateDir, now: Date.now() });
}

/** The same where there may be no engine, and so no lab of anybody. @throws MeshdevError LAB_FOREIGN */
export async function refuseForeignLabIfAny(
  context: Pick<LabContext, 'lab' | 'owner' | 'paths' | 'reachEngine'>,
  signal: AbortSignal,
): Promise<void> {
  const reached = await context.reachEngine(signal);
  if (reached !== undefined) await refuseForeignLab(context, reached.engine, signal);
}

/** Pure: who made it, from where and when, and how one gets on. */
export function foreignLab(
  name: string,
  { owner, what }: Extract<Whose, { readonly kind: 'foreign' }>,
  { here, now, remedies = ['meshdev up --name another'] }: ForeignFacts,
): MeshdevError {
  return new MeshdevError('LAB_FOREIGN', {
    message: `looking for the lab ${name}: this state directory (${here}) does not contain it; ${madeBy(owner, here, now)} (${shortened(what)})`,
    remedies,
  });
}

function madeBy(owner: OwnerMark | undefined, here: string, now: number): string {
  if (owner === undefined)
    return 'it was created from another state directory, by a version of meshdev that did not record which';
  const where =
    owner.from === here
      ? 'a different state directory at the same path, or from this one before it was lost'
      : `the state directory ${owner.from}`;
  return `${owner.by} created it ${ageOf(owner.at, now)} from ${where}`;
}

const SHOWN = 2;

/** In one order, whichever the engine lists them in. */
function shortened(what: readonly string[]): string {
  const more = what.length - SHOWN;
  return what.toSorted().slice(0, SHOWN).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

export interface ForeignFacts {
  /** This state directory. */
  readonly here: string;
  readonly now: number;
  readonly remedies?: readonly string[];
}

/** Whether the state directory that the mark names still holds this very lab, as far as it can be seen from here. */
export async function isKept(lab: Lab, { id, from }: OwnerMark): Promise<boolean> {
  const { owner } = labPaths({ stateDir: from, cacheDir: '' }, lab.name);
  return (await readMark(join('/', owner)))?.id === id;
}

/** `2 h ago`; for people. */
export function ageOf(at: string, now: number): string {
  const minutes = Math.floor((now - Date.parse(at)) / 60_000);
  if (Number.isNaN(minutes)) return 'at an unknown time';
  if (minutes < 1) return 'less than a minute ago';
  if (minutes < 120) return `${minutes} min ago`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h ago` : `${Math.floor(minutes / 1440)} days ago`;
}
