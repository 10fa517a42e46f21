import { access, constants, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isRootless } from '../engine/engine-fit.ts';
import { describeChange } from '../engine/plan-engine.ts';
import { MeshdevError, textOf } from '../errors/meshdev-error.ts';
import { heldByEdge, portProblem } from '../host/judges/port-problem.ts';
import { observePort } from '../host/port.ts';
import type { PortFinding } from '../ports/host-facts.ts';
import type { Plan } from '../run/step.ts';
import type { UpStepId } from './plan/up-steps.ts';
import type { LabContext } from '../lab/lab-context.ts';
import { ensureEngineFits, ensureMachineFits, ensureSpaceLeft } from './host-fit.ts';
import { leftoverProxies } from './leftover-proxies.ts';

/** One change of the machine outside of meshdev's own directories, or of a lab that people are connected to. */
export interface ConsentItem {
  readonly what: string;
}

/**
 * What can be known to go wrong before anything is changed: directories, clock, engine, free disk, the edge's port.
 * `doctor` asks the same judges.
 * @throws MeshdevError CACHE_NOT_WRITABLE, STATE_NOT_PRIVATE, DISK_FULL, PORT_TAKEN, PORT_NOT_ALLOWED,
 *   ENGINE_NOT_FOUND, ENGINE_NOT_FIT, HOST_NOT_FIT, TOOL_MISSING
 */
export async function preflight(
  context: LabContext,
  plan: Plan<UpStepId>,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all([
    ensureWritable(context.paths.cacheDir, 'CACHE_NOT_WRITABLE', 'XDG_CACHE_HOME'),
    ensureWritable(context.paths.stateDir, 'STATE_NOT_PRIVATE', 'XDG_STATE_HOME'),
  ]);
  const actionOf = (id: UpStepId): string | undefined => plan.steps.find((step) => step.id === id)?.action;
  ensureMachineFits();
  if (actionOf('engine') !== 'keep') await ensureInstallable(context, signal);
  else await ensureEngineFits(context, (id) => actionOf(id) !== 'keep', signal);
  await ensureSpaceLeft(context, 'state');
  if (actionOf('images') !== 'keep') {
    // The source knows how much it needs, which says more than that little is free.
    await (await context.images(signal)).ensureRoom(signal);
    await ensureSpaceLeft(context, 'cache');
  }
  if (actionOf('edge') !== 'keep') await ensurePortFree(context, signal);
}

/**
 * All that needs a yes: packages and a daemon on this machine, and parts of a running lab that are made anew.
 * What is changed in place (mesh, policies, workloads), started or made for the first time needs none.
 */
export async function consentNeeded(
  context: LabContext,
  plan: Plan<UpStepId>,
  signal: AbortSignal,
): Promise<readonly ConsentItem[]> {
  const changes = plan.steps.filter((step) => step.action !== 'keep').map((step) => step.id);
  const items: ConsentItem[] = [];
  if (changes.includes('engine')) {
    const engine = await context.engines.plan(signal);
    if (engine.kind === 'change')
      items.push(...engine.changes.map((change) => ({ what: describeChange(change) })));
  }
  const needs = await (await context.images(signal)).prerequisites(signal);
  return [
    ...items,
    ...(needs === undefined ? [] : [{ what: needs }]),
    ...replacements(context.lab.name, plan),
    ...removals(context.lab.name, plan),
  ];
}

/** Pure: what of a running lab is made anew, why, and what ends with it. */
export function replacements(lab: string, { steps }: Plan<UpStepId>): readonly ConsentItem[] {
  return steps.flatMap(({ title, because, ends }) =>
    ends === undefined
      ? []
      : [{ what: `recreate the ${title} of the running lab ${lab}: ${ends} (${because})` }],
  );
}

/** Pure: what of a running lab is removed for good. */
export function removals(lab: string, { steps }: Plan<UpStepId>): readonly ConsentItem[] {
  return steps.flatMap(({ removes = [] }) =>
    removes.map((one) => ({
      what: `remove ${one} from the running lab ${lab}: meshdev.yaml does not have its service any more`,
    })),
  );
}

async function ensureInstallable(context: LabContext, signal: AbortSignal): Promise<void> {
  const plan = await context.engines.plan(signal);
  if (plan.kind !== 'impossible') return;
  throw new MeshdevError('ENGINE_NOT_FOUND', {
    message: `no container engine answers, and ${plan.because}`,
    remedies: plan.remedies,
  });
}

async function ensurePortFree(context: LabContext, signal: AbortSignal): Promise<void> {
  const reached = await context.reachEngine(signal);
  const containers = reached === undefined ? [] : await reached.engine.containers.list({}, signal);
  const rootless = reached !== undefined && isRootless(await reached.engine.info(signal));
  const finding = await observePort(context.lab.httpsPort, containers, rootless);
  if (heldByEdge(finding, context.lab) || (await isLeftover(finding, context, signal))) return;
  const problem = portProblem(finding);
  if (problem !== undefined) throw problem;
}

/** Of an engine that meshdev started and that was killed: it is ended before the edge is started. */
async function isLeftover(finding: PortFinding, context: LabContext, signal: AbortSignal): Promise<boolean> {
  if (finding.kind !== 'taken' || finding.holder.kind !== 'process') return false;
  const { pid } = finding.holder.owner;
  return (await leftoverProxies(context, signal)).some((proxy) => proxy.pid === pid);
}

async function ensureWritable(
  dir: string,
  code: 'CACHE_NOT_WRITABLE' | 'STATE_NOT_PRIVATE',
  variable: string,
): Promise<void> {
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await access(dir, constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw new MeshdevError(code, {
      message: `checking that ${dir} is writable: ${textOf(cause)}`,
      remedies: [`ls -ld ${dirname(dir)}`, `${variable}=/a/directory/of/yours meshdev up`],
      cause,
    });
  }
}
