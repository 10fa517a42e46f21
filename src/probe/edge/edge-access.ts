import type { EdgeAccess } from '../../edge/edge-request.ts';
import type { Needs } from '../probe-context.ts';

/** The public names, as this machine reaches them. */
export function edgeAccess({ context, keys, signal }: Needs<'context' | 'keys' | 'signal'>): EdgeAccess {
  return { lab: context.lab, edgeRootPem: keys.edge.rootPem, signal };
}
