import { MeshdevError } from '../errors/meshdev-error.ts';
import type { Service, ServiceId } from '../topology/service.ts';
import type { AnyCheck } from './check.ts';
import { leftOut } from './left-out.ts';
import { judgedBy, onlyCases, serviceJudgedBy } from './narrow.ts';
import { readSelector, type Selected } from './selector.ts';
import type { AnyServiceJudge } from './service-judge.ts';
import { servicesInScope } from './subjects.ts';

/** The services among which is selected. */
export interface Among {
  /** Those of meshdev.yaml that the lab has; undefined while they are not known. */
  readonly services?: readonly Service[];
  /** Only what is judged of these; the lab and every service when it is left out. */
  readonly only?: readonly ServiceId[] | undefined;
}

/** How much of a check is judged of the lab, or of one service: nothing, all of it, or these cases. */
type Share = 'nothing' | 'all' | readonly string[];

interface Shares {
  readonly check: AnyCheck;
  readonly lab: Share;
  readonly services: ReadonlyMap<ServiceId, Share>;
}

/**
 * Checks by id, case (`MD-JWT-010[alg-none]`, of a service `MD-JWT-010[orders/alg-none]`), category (`jwt`, `MD-JWT`)
 * or hop (`edge->gateway`), with the controls that they need, of the same service; everything when nothing is
 * selected. What `skipped` names stays in the report as a skip that says so. The order of the catalogue is kept.
 * @throws MeshdevError USAGE naming the selector that selects nothing, and what is spelt like it
 */
export function select(
  catalogue: readonly AnyCheck[],
  selectors: readonly string[],
  skipped: readonly string[] = [],
  { services, only }: Among = {},
): readonly AnyCheck[] {
  const wanted = selectors.map((selector) => readSelector(catalogue, selector, services));
  const left = skipped.map((selector) => readSelector(catalogue, selector, services));
  const shares = catalogue.map((check) => sharesOf(check, wanted, { services: services ?? [], only }));
  const controls = controlsOf(shares);
  const checks = shares
    .map((each) => withControls(each, controls))
    .flatMap(chosenFrom)
    .map((check) => leftOut(check, left, services ?? []));
  if (checks.length > 0 || only === undefined) return checks;
  throw new MeshdevError('USAGE', {
    message: `selecting checks: none of the selected checks is judged of service ${only.join(', ')}`,
    remedies: ['meshdev check --list', ...only.map((id) => `meshdev check --service ${id}`).slice(0, 1)],
  });
}

function sharesOf(
  check: AnyCheck,
  wanted: readonly Selected[],
  { services, only }: Among & { readonly services: readonly Service[] },
): Shares {
  const own = wanted.filter(({ checks }) => checks.includes(check));
  const whole = wanted.length === 0;
  const ofLab = own.filter(({ service }) => service === undefined);
  const ofServices = servicesInScope(check, services).map(({ id }) => {
    if (only?.includes(id) === false) return [id, 'nothing'] as const;
    // Without --service, a case that names no service is one of the lab.
    const mine = own.filter(
      ({ service, oneCase }) =>
        service === id || (service === undefined && (oneCase === undefined || only !== undefined)),
    );
    return [id, whole ? 'all' : shareOf(mine)] as const;
  });
  const lab = whole ? 'all' : shareOf(ofLab);
  return {
    check,
    lab: only === undefined ? lab : 'nothing',
    services: new Map<ServiceId, Share>(ofServices),
  };
}

/** Where every selector that names this check names a case of it, the other cases are not reported. */
function shareOf(own: readonly Selected[]): Share {
  if (own.length === 0) return 'nothing';
  const cases = own.flatMap(({ oneCase }) => (oneCase === undefined ? [] : [oneCase]));
  return cases.length < own.length ? 'all' : cases;
}

/** Ids of the controls of all that is selected, by what they have to be judged of; undefined: the lab. */
function controlsOf(shares: readonly Shares[]): ReadonlyMap<ServiceId | undefined, ReadonlySet<string>> {
  const pairs = shares.flatMap(({ check, lab, services }) => [
    { of: undefined, share: lab, control: check.control },
    ...[...services].map(([of, share]) => ({ of, share, control: check.service?.control ?? check.control })),
  ]);
  const needed = pairs.filter(({ share, control }) => share !== 'nothing' && control !== undefined);
  const byService = Map.groupBy(needed, ({ of }) => of);
  return new Map(
    [...byService].map(([of, own]) => [of, new Set(own.flatMap(({ control }) => control ?? []))]),
  );
}

function withControls(
  { check, lab, services }: Shares,
  controls: ReadonlyMap<ServiceId | undefined, ReadonlySet<string>>,
): Shares {
  const isControl = (of?: ServiceId): boolean => controls.get(of)?.has(check.id) === true;
  return {
    check,
    lab: isControl() ? 'all' : lab,
    services: new Map([...services].map(([id, share]) => [id, isControl(id) ? 'all' : share])),
  };
}

/** The check as it is judged; nothing where no part of it is. */
function chosenFrom({ check, lab, services }: Shares): readonly AnyCheck[] {
  const parts = [...services].filter(([, share]) => share !== 'nothing');
  if (lab === 'nothing' && parts.length === 0) return [];
  const ofLab = typeof lab === 'string' ? check : judgedBy(check, onlyCases(check, lab));
  const isWhole = lab !== 'nothing' && [...services.values()].every((share) => share === 'all');
  if (isWhole || check.service === undefined) return [ofLab];
  const judge: AnyServiceJudge = check.service;
  const judges = parts.map(([id, share]): readonly [ServiceId, AnyServiceJudge] => [
    id,
    typeof share === 'string' ? judge : serviceJudgedBy(judge, onlyCases(check, share, id)),
  ]);
  return [{ ...ofLab, chosen: { lab: lab !== 'nothing', services: new Map(judges) } }];
}
