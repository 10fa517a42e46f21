import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Container, ContainerEngine } from '../ports/container-engine.ts';
import type { DiskUsage } from '../ports/engine-resources.ts';
import { createLab, DEFAULT_CHOICE } from '../topology/lab.ts';
import { KIND_CLUSTER, LABEL } from '../topology/labels.ts';
import { labPaths, type Paths } from '../topology/paths.ts';
import { type ContainersState, containersState } from './lab-containers.ts';
import { readMark } from './lab-owner.ts';
import { readLabRecord } from './lab-record.ts';
import { type LabOnEngine, labNames, labsOnEngine, lostLabs } from './lost-labs.ts';

/** `unknown`: no engine answers. */
export type LabState = ContainersState | 'unknown';

export interface ListedLab {
  readonly name: string;
  readonly state: LabState;
  /** The state directory that has its keys; undefined where nothing records it. */
  readonly stateDir: string | undefined;
  /** No state directory of this machine has its keys any more. */
  readonly lost: boolean;
  /** Of the sample service; undefined for a lab of another state directory. */
  readonly url: string | undefined;
  /** Ports of this machine, ascending. */
  readonly ports: readonly number[];
  /** RFC 3339. */
  readonly createdAt: string | undefined;
  /** Bytes of its files, containers and volumes, without images; undefined where the engine did not say. */
  readonly diskBytes: number | undefined;
}

/** What an engine says of all labs. */
interface EngineView {
  readonly containers: readonly Container[];
  readonly labs: readonly LabOnEngine[];
  readonly disk: DiskUsage | undefined;
}

/** The labs of this state directory, and those that the engine has, by name. @param engine undefined where none answers */
export async function listLabs(
  paths: Paths,
  engine: ContainerEngine | undefined,
  signal: AbortSignal,
): Promise<readonly ListedLab[]> {
  const [own, view] = await Promise.all([
    labNames(paths),
    engine === undefined ? undefined : viewOf(engine, signal),
  ]);
  const lost = new Set((await lostLabs(view?.labs ?? [], paths)).map(({ name }) => name));
  const names = [...new Set([...own, ...(view?.labs ?? []).map(({ name }) => name)])].toSorted();
  return Promise.all(names.map((name) => listed(name, { paths, view, lost: lost.has(name) })));
}

async function viewOf(engine: ContainerEngine, signal: AbortSignal): Promise<EngineView> {
  const [containers, networks, volumes, disk] = await Promise.all([
    engine.containers.list({}, signal),
    engine.networks.list({}, signal),
    engine.volumes.list({}, signal),
    // Some engines cannot measure; the list is as good without.
    engine.diskUsage(signal).catch(() => undefined),
  ]);
  return { containers, labs: labsOnEngine(containers, networks, volumes), disk };
}

interface Known {
  readonly paths: Paths;
  readonly view: EngineView | undefined;
  readonly lost: boolean;
}

async function listed(name: string, { paths, view, lost }: Known): Promise<ListedLab> {
  const files = labPaths(paths, name);
  const [record, mark, fileBytes] = await Promise.all([
    readLabRecord(files.record),
    readMark(files.owner),
    bytesBelow(files.labDir),
  ]);
  const owner = view?.labs.find((lab) => lab.name === name)?.owner ?? mark;
  const containers = (view?.containers ?? []).filter((one) => isOf(one, name));
  const ours = record !== undefined && (owner === undefined || owner.id === mark?.id);
  const { audience } = createLab({ ...DEFAULT_CHOICE, ...record, name });
  return {
    name,
    state: view === undefined ? 'unknown' : containersState(name, containers),
    stateDir: owner?.from ?? (fileBytes > 0 ? paths.stateDir : undefined),
    lost,
    url: ours ? audience : undefined,
    ports: portsOf(containers),
    createdAt: owner?.at,
    diskBytes: view?.disk === undefined ? undefined : fileBytes + bytesOf(containers, view.disk),
  };
}

function isOf({ labels }: Container, name: string): boolean {
  return labels[LABEL.lab] === name || labels[KIND_CLUSTER] === `meshdev-${name}`;
}

function portsOf(containers: readonly Container[]): readonly number[] {
  const ports = containers.flatMap((container) => container.ports.map(({ hostPort }) => hostPort));
  return [...new Set(ports.filter((port) => port > 0))].toSorted((a, b) => a - b);
}

function bytesOf(containers: readonly Container[], disk: DiskUsage): number {
  const sizes = containers.flatMap(({ id, mounts }) => [
    disk.containers.get(id) ?? 0,
    ...mounts.filter(({ kind }) => kind === 'volume').map(({ source }) => disk.volumes.get(source) ?? 0),
  ]);
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}

/** 0 where there is no such directory. */
async function bytesBelow(dir: string): Promise<number> {
  const names = await readdir(dir, { recursive: true }).catch(() => []);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(dir, name)).then(
        (file) => (file.isFile() ? file.size : 0),
        () => 0,
      ),
    ),
  );
  return sizes.reduce((sum, bytes) => sum + bytes, 0);
}
