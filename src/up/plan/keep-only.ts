import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { Plan, PlannedStep } from '../../run/step.ts';
import type { UpStepId } from './up-steps.ts';

/** Without one of these there is no lab to start. */
const CONTAINED: ReadonlySet<UpStepId> = new Set(['keys', 'network', 'idp', 'edge', 'probe', 'cluster']);

/**
 * Pure: the plan of `up` for a command that starts a lab and makes none. Parts that are missing, and a cluster that
 * would be made anew, are refused; what is changed in place or renewed is not.
 * @throws MeshdevError LAB_NOT_UP naming the parts
 */
export function keepOnly(name: string, { steps }: Plan<UpStepId>): Plan<UpStepId> {
  const missing = steps.filter(wouldBeNew);
  if (missing.length === 0) return { steps: steps.map((step) => ({ ...step, keeps: true })) };
  throw new MeshdevError('LAB_NOT_UP', {
    message: `starting lab ${name}: \`start\` creates no part of a lab, and ${missing.length === 1 ? 'one' : 'some'} would have to be created: ${missing.map(({ id, because }) => `${id} (${because})`).join(' · ')}`,
    remedies: ['meshdev up'],
  });
}

function wouldBeNew({ id, action }: PlannedStep<UpStepId>): boolean {
  return CONTAINED.has(id) && (action === 'create' || (id === 'cluster' && action === 'replace'));
}
