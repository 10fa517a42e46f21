import type { EdgeAccess } from '../../edge/edge-request.ts';
import type { Witness } from '../witness.ts';

/** The public names, as this machine reaches them. */
export function edgeAccess({ context, keys, signal }: Witness): EdgeAccess {
  return { lab: context.lab, edgeRootPem: keys.edge.rootPem, signal };
}
