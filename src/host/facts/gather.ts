import { APP_ID } from '../../sample/names.ts';
import { release } from 'node:os';
import { isRootless } from '../../engine/engine-fit.ts';
import type { EngineSeen, Fact, HostFacts, LabSeen, LostLab } from '../../ports/host-facts.ts';
import type { Container, ContainerEngine, Network, Volume } from '../../ports/container-engine.ts';
import type { Lab } from '../../topology/lab.ts';
import type { Paths } from '../../topology/paths.ts';
import { observePort } from '../port.ts';
import { readClock, readTimeSync } from './clock.ts';
import { answerOf, type EngineSources, lookForEngine, NO_ENGINE, readEngine } from './engine.ts';
import { readInotify, readModules } from './kernel.ts';
import { readLinks, readRoutes } from './links.ts';
import { type MachineSources, readMachine } from './machine.ts';
import { readNames } from './names.ts';
import { readPlaces } from './places.ts';
import { absent, fromFact, readFact, seen } from './read-fact.ts';
import { readTrust } from './trust.ts';

/** Together with what the command takes to load, a diagnosis stays below 3 s. */
const DEADLINE_MS = 2_200;
/** Earlier, so that what is better known with an engine is still read when the engine hangs. */
const ENGINE_MS = 1_800;

/** What the machine is asked with. */
export interface FactSources extends MachineSources, EngineSources {
  readonly lab: Lab;
  readonly paths: Paths;
  /** Public certificates of the edge roots: of this lab, and of every lab in the state directory. */
  readonly roots: { readonly own: string; readonly all: readonly string[] };
  readonly readLab: () => Promise<LabSeen | undefined>;
  readonly readLost: (
    containers: readonly Container[],
    networks: readonly Network[],
    volumes: readonly Volume[],
  ) => Promise<readonly LostLab[]>;
  readonly signal: AbortSignal;
}

/** Everything at once; each fact ends at the deadline, and a fact that fails takes no other one with it. */
export async function gatherFacts(sources: FactSources): Promise<HostFacts> {
  const deadline = AbortSignal.any([sources.signal, AbortSignal.timeout(DEADLINE_MS)]);
  const [ofMachine, ofEngine] = await Promise.all([
    machineFacts(sources, deadline),
    engineFacts(sources, { deadline, ofEngine: AbortSignal.any([deadline, AbortSignal.timeout(ENGINE_MS)]) }),
  ]);
  return { ...ofMachine, ...ofEngine };
}

async function machineFacts(sources: FactSources, deadline: AbortSignal) {
  const { platform, runner, lab, paths, roots } = sources;
  const { hosts } = lab;
  const [machine, routes, links, inotify, names, clock, timeSync, ofLab, trust] = await Promise.all([
    readFact(deadline, (signal) => readMachine(sources, signal)),
    readFact(deadline, () => readRoutes(platform)),
    readFact(deadline, () => readLinks(platform)),
    readFact(deadline, () => readInotify(platform)),
    readNames([hosts[APP_ID], hosts.auth], runner, deadline),
    readFact(deadline, () =>
      readClock([paths.cacheDir, paths.stateDir, `${paths.stateDir}/labs/${lab.name}`]),
    ),
    readFact(deadline, (signal) => readTimeSync(runner, signal)),
    readFact(deadline, async () => {
      const known = await sources.readLab();
      return known === undefined
        ? absent(`lab ${lab.name} was not created from this state directory`)
        : seen(known);
    }),
    readFact(deadline, () => readTrust(roots.own, roots.all)),
  ]);
  return { machine, routes, links, inotify, names: seen(names), clock, timeSync, lab: ofLab, trust } as const;
}

interface Deadlines {
  readonly deadline: AbortSignal;
  readonly ofEngine: AbortSignal;
}

async function engineFacts(sources: FactSources, { deadline, ofEngine }: Deadlines) {
  const { platform, lab, paths } = sources;
  const looked = readFact(ofEngine, (signal) => lookForEngine(sources, signal));
  const engine = fromFact(looked, ofEngine, (found, signal) => readEngine(found, platform, signal));
  const asked = <T>(ask: (engine: ContainerEngine, signal: AbortSignal) => Promise<T>): Promise<Fact<T>> =>
    fromFact(looked, ofEngine, async (found, signal) =>
      found.kind === 'none' ? absent(NO_ENGINE) : seen(await ask(found.engine, signal)),
    );
  const containers = asked((found, signal) => found.containers.list({}, signal));
  const networks = asked((found, signal) => found.networks.list({}, signal));
  const volumes = asked((found, signal) => found.volumes.list({}, signal));
  const results = await Promise.all([
    fromFact(looked, deadline, async (found) => seen(answerOf(found))),
    engine,
    containers,
    networks,
    readPlaces(paths, engine, deadline),
    readFact(deadline, async () => seen(await portOf(lab.httpsPort, await containers, await engine))),
    readFact(deadline, async () => readModules(await engine, { platform, release: release() })),
    fromFact(containers, deadline, (all) =>
      fromFact(networks, deadline, (nets) =>
        fromFact(volumes, deadline, async (vols) => seen(await sources.readLost(all, nets, vols))),
      ),
    ),
  ]);
  const [engineAnswer, info, all, nets, places, port, modules, lost] = results;
  return {
    engineAnswer,
    engine: info,
    containers: all,
    networks: nets,
    places: seen(places),
    port,
    modules,
    lost,
  } as const;
}

/** Without an engine, a listener is still found by its process. */
function portOf(
  port: number,
  containers: HostFacts['containers'],
  engine: Fact<EngineSeen>,
): ReturnType<typeof observePort> {
  const rootless = engine.kind === 'seen' && isRootless(engine.value.info);
  return observePort(port, containers.kind === 'seen' ? containers.value : [], rootless);
}
