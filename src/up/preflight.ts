import { access, constants, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { engineProblem, isRootless } from '../engine/engine-fit.ts';
import { describeChange } from '../engine/plan-engine.ts';
import { MeshdevError, textOf } from '../errors/meshdev-error.ts';
import { observePort, type PortFinding, portProblem } from '../host/port.ts';
import type { Plan } from '../run/step.ts';
import type { UpStepId } from './plan/up-steps.ts';
import { LABEL } from '../topology/labels.ts';
import type { LabContext } from '../lab/lab-context.ts';
import { leftoverProxies } from './leftover-proxies.ts';

/** One change of the machine outside of meshdev's own directories, or of a lab that people are connected to. */
export interface ConsentItem {
  readonly what: string;
}

/**
 * What can be known to go wrong before anything is changed: directories, free disk, the edge's port.
 * @throws MeshdevError CACHE_NOT_WRITABLE, STATE_NOT_PRIVATE, DISK_FULL, PORT_TAKEN, PORT_NOT_ALLOWED,
 *   ENGINE_NOT_FOUND, ENGINE_NOT_FIT
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
  if (actionOf('engine') !== 'keep') await ensureInstallable(context, signal);
  else await ensureEngineFits(context, signal);
  if (actionOf('images') !== 'keep') await (await context.images(signal)).ensureRoom(signal);
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

async function ensureInstallable(context: LabContext, signal: AbortSignal): Promise<void> {
  const plan = await context.engines.plan(signal);
  if (plan.kind !== 'impossible') return;
  throw new MeshdevError('ENGINE_NOT_FOUND', {
    message: `no container engine answers, and ${plan.because}`,
    remedies: plan.remedies,
  });
}

async function ensureEngineFits(context: LabContext, signal: AbortSignal): Promise<void> {
  const problem = engineProblem(await (await context.engine(signal)).info(signal));
  if (problem !== undefined) throw problem;
}

async function ensurePortFree(context: LabContext, signal: AbortSignal): Promise<void> {
  const reached = await context.reachEngine(signal);
  const containers = reached === undefined ? [] : await reached.engine.containers.list({}, signal);
  const rootless = reached !== undefined && isRootless(await reached.engine.info(signal));
  const finding = await observePort(context.lab.httpsPort, containers, rootless);
  if (isOwnEdge(finding, context) || (await isLeftover(finding, context, signal))) return;
  const problem = portProblem(finding);
  if (problem !== undefined) throw problem;
}

/** The edge that is about to be replaced gives its port back itself. */
function isOwnEdge(finding: PortFinding, { lab }: LabContext): boolean {
  if (finding.kind !== 'taken' || finding.holder.kind !== 'container') return false;
  const { name, labels } = finding.holder.container;
  return name === lab.containers.edge && labels[LABEL.lab] === lab.name;
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
