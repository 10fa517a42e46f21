import type { AnyCheck } from './check.ts';
import { AS_MADE, FOREIGN_OBJECTS } from './foreign-remedies.ts';
import type { EvidenceKey } from '../evidence/evidence-map.ts';
import type { ServiceEvidenceKey } from '../evidence/service-evidence.ts';

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

/** The same of one service. */
const QUICK_SERVICE: ReadonlySet<ServiceEvidenceKey> = new Set([
  'service.control',
  'service.token',
  'service.tokens',
  'service.without-token',
  'service.pods',
]);

/**
 * The checks that prove every hop without the long corpora: what `up` judges of a lab that it left as it
 * was. A negative whose control takes longer is left to `check`, and so is what takes longer of a service.
 */
export function quickChecks(catalogue: readonly AnyCheck[]): readonly AnyCheck[] {
  const quick = catalogue.filter(({ evidence }) => evidence.every((key) => QUICK.has(key)));
  const ids = new Set(quick.map(({ id }) => id));
  const inService = new Set(quick.filter(isQuickOfServices).map(({ id }) => id));
  return quick
    .filter(({ control }) => control === undefined || ids.has(control))
    .map((check) => {
      const control = check.service?.control ?? check.control;
      const isKept = inService.has(check.id) && (control === undefined || inService.has(control));
      return check.service === undefined || isKept ? check : ofLabAlone(check);
    });
}

function isQuickOfServices({ service }: AnyCheck): boolean {
  return service?.evidence.every((key) => QUICK_SERVICE.has(key)) === true;
}

function ofLabAlone(check: AnyCheck): AnyCheck {
  return { ...check, chosen: { lab: true, services: new Map() } };
}

/**
 * The core, and what was red when it was last judged, with the controls of both. With something red also the two
 * checks that tell whether `up` could repair it.
 */
export function checksAgain(catalogue: readonly AnyCheck[], red: ReadonlySet<string>): readonly AnyCheck[] {
  const causes: readonly string[] = red.size === 0 ? [] : [AS_MADE, FOREIGN_OBJECTS];
  const quick = new Map(quickChecks(catalogue).map((check) => [check.id, check]));
  const wanted = new Set<string>([...quick.keys(), ...red, ...causes]);
  const ofLab = catalogue.filter(({ id }) => wanted.has(id)).map(({ control }) => control);
  // A control that only services have is judged of the lab too: there is one list of checks.
  const ofServices = catalogue.filter(({ id }) => red.has(id)).map(({ service }) => service?.control);
  const controls = new Set<string | undefined>([...ofLab, ...ofServices]);
  const isWhole = ({ id }: AnyCheck): boolean => red.has(id) || controls.has(id);
  return catalogue
    .filter((check) => wanted.has(check.id) || isWhole(check))
    .map((check) => (isWhole(check) ? check : (quick.get(check.id) ?? check)));
}
