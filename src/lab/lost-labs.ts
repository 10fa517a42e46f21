import { access, readdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import { hasCode } from '../errors/system-error.ts';
import type { Container, Labels, Network } from '../ports/container-engine.ts';
import type { LabSeen, LostLab } from '../ports/host-facts.ts';
import { createLab, DEFAULT_CHOICE } from '../topology/lab.ts';
import { KIND_CLUSTER, LABEL, MANAGED_BY, ownerIn, type OwnerMark } from '../topology/labels.ts';
import { labPaths, type LabPaths, type Paths } from '../topology/paths.ts';
import { hasIstioctl } from './lab-istioctl.ts';
import { readLabRecord } from './lab-record.ts';
import { isKept } from './whose.ts';

/** What the engine has of one lab. */
export interface LabOnEngine {
  readonly name: string;
  /** `container meshdev-demo-edge`, sorted. */
  readonly what: readonly string[];
  /** Whose it is; undefined where nothing records it. */
  readonly owner: OwnerMark | undefined;
}

interface Found {
  readonly lab: string;
  readonly what: string;
  readonly labels: Labels;
}

/** Labs by their labels; nodes of kind count for the lab whose cluster they are. Pure. */
export function labsOnEngine(
  containers: readonly Pick<Container, 'name' | 'labels'>[],
  networks: readonly Pick<Network, 'name' | 'labels'>[],
  volumes: readonly { readonly name: string; readonly labels: Labels }[],
): readonly LabOnEngine[] {
  const marked = [
    ...containers.map((one) => ({ kind: 'container', ...one })),
    ...networks.map((one) => ({ kind: 'network', ...one })),
    ...volumes.map((one) => ({ kind: 'volume', ...one })),
  ].flatMap(({ kind, name, labels }): readonly Found[] => {
    const lab = labels[LABEL.lab];
    const ours = labels[LABEL.managedBy] === MANAGED_BY && lab !== undefined;
    return ours ? [{ lab, what: `${kind} ${name}`, labels }] : [];
  });
  return [...new Set(marked.map(({ lab }) => lab))].toSorted().map((name) => {
    const own = marked.filter(({ lab }) => lab === name);
    const { cluster } = createLab({ ...DEFAULT_CHOICE, name });
    const nodes = containers.filter(({ labels }) => labels[KIND_CLUSTER] === cluster.name);
    return {
      name,
      what: [...own.map(({ what }) => what), ...nodes.map((node) => `node ${node.name}`)].toSorted(),
      owner: own.map(({ labels }) => ownerIn(labels)).find((owner) => owner !== undefined),
    };
  });
}

/**
 * Those that nobody on this machine holds the keys of. A lab of another machine, or of a directory that this user may
 * not look into, is not lost. What has no mark is lost only if this state directory has no lab of that name.
 */
export async function lostLabs(
  labs: readonly LabOnEngine[],
  paths: Paths,
  here: string = hostname(),
): Promise<readonly LostLab[]> {
  const lost = await Promise.all(labs.map((lab) => isLost(lab, paths, here)));
  return labs
    .filter((_, index) => lost[index])
    .map(({ name, what, owner }) => ({ name, what, from: owner?.from }));
}

async function isLost({ name, owner }: LabOnEngine, paths: Paths, here: string): Promise<boolean> {
  if (owner === undefined) return (await readdir(labPaths(paths, name).labDir).catch(() => [])).length === 0;
  if (owner.by.split('@').at(-1) !== here || (await isClosed(owner.from))) return false;
  return !(await isKept(createLab({ ...DEFAULT_CHOICE, name }), owner));
}

async function isClosed(dir: string): Promise<boolean> {
  return access(dir).then(
    () => false,
    (error: unknown) => hasCode(error, 'EACCES'),
  );
}

/** What `up` remembers of a lab; undefined when there is none of that name. */
export async function readLabSeen(files: LabPaths): Promise<LabSeen | undefined> {
  const [record, istioctl] = await Promise.all([readLabRecord(files.record), hasIstioctl(files.istioctl)]);
  return record === undefined ? undefined : { meshdevVersion: record.meshdevVersion, istioctl };
}

/** Names of the labs in a state directory, sorted. */
export async function labNames({ stateDir }: Pick<Paths, 'stateDir'>): Promise<readonly string[]> {
  const names: readonly string[] = await readdir(`${stateDir}/labs`).catch(() => []);
  return names.toSorted();
}
