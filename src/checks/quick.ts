import type { AnyCheck } from './check.ts';
import { AS_MADE, FOREIGN_OBJECTS } from './foreign-remedies.ts';
import type { EvidenceKey } from '../evidence/evidence-map.ts';

/** What is gathered within seconds: one look at each component, the honest requests, the core of the forgeries. */
const QUICK: ReadonlySet<EvidenceKey> = new Set([
  'anchors',
  'edge.wire',
  'edge.running',
  'walks',
  'token.walks',
  'tokens',
  'gateway.wire',
  'sidecar.wire',
  'caller.wire',
  'mesh.state',
  'idp.state',
  'listeners',
  'parts',
  'pods',
]);

/**
 * The checks that prove every hop without the long corpora: what `up` judges of a lab that it left as it
 * was. A negative whose control takes longer is left to `check`.
 */
export function quickChecks(catalogue: readonly AnyCheck[]): readonly AnyCheck[] {
  const quick = catalogue.filter(({ evidence }) => evidence.every((key) => QUICK.has(key)));
  const ids = new Set(quick.map(({ id }) => id));
  return quick.filter(({ control }) => control === undefined || ids.has(control));
}

/**
 * The core, and what was red when it was last judged, with the controls of both. With something red also the two
 * checks that tell whether `up` could repair it.
 */
export function checksAgain(catalogue: readonly AnyCheck[], red: ReadonlySet<string>): readonly AnyCheck[] {
  const causes: readonly string[] = red.size === 0 ? [] : [AS_MADE, FOREIGN_OBJECTS];
  const wanted = new Set([...quickChecks(catalogue).map(({ id }) => id), ...red, ...causes]);
  const controls = new Set(catalogue.filter(({ id }) => wanted.has(id)).map(({ control }) => control ?? ''));
  return catalogue.filter(({ id }) => wanted.has(id) || controls.has(id));
}
