import type { Service, ServiceId } from '../topology/service.ts';
import { type AnyCheck, eachCase, skip } from './check.ts';
import { caseOf, judgedBy, serviceJudgedBy } from './narrow.ts';
import type { Selected } from './selector.ts';
import type { AnyServiceJudge } from './service-judge.ts';
import { servicesInScope } from './subjects.ts';
import type { Cases, CaseVerdict, Verdict } from './verdict.ts';

/** A negative whose control was left out proves nothing, so it is left out too. */
export function leftOut(check: AnyCheck, left: readonly Selected[], services: readonly Service[]): AnyCheck {
  const ofLab = labLeftOut(check, left);
  const judges = judgesOf(check, services).map(([id, judge]) => {
    const kept = serviceLeftOut(check, judge, left, id);
    return { id, kept, isSame: kept === judge };
  });
  if (judges.every(({ isSame }) => isSame)) return ofLab;
  const lab = check.chosen?.lab ?? true;
  return { ...ofLab, chosen: { lab, services: new Map(judges.map(({ id, kept }) => [id, kept])) } };
}

function judgesOf(
  check: AnyCheck,
  services: readonly Service[],
): readonly (readonly [ServiceId, AnyServiceJudge])[] {
  const { chosen, service: judge } = check;
  if (chosen !== undefined) return [...chosen.services];
  if (judge === undefined) return [];
  return servicesInScope(check, services).map(({ id }) => [id, judge]);
}

function labLeftOut(check: AnyCheck, left: readonly Selected[]): AnyCheck {
  const own = ownOf(check, left);
  const because = whyLeftOut(check.control, left, own);
  if (because !== undefined) return { ...check, evidence: [], judge: () => skip(because) };
  const isNarrowed = own.some(({ checks }) => checks.every((each) => each.judge !== check.judge));
  return own.length === 0 ? check : judgedBy(check, withoutCases(check, own, isNarrowed));
}

function serviceLeftOut(
  check: AnyCheck,
  judge: AnyServiceJudge,
  left: readonly Selected[],
  service: ServiceId,
): AnyServiceJudge {
  const own = ownOf(check, left, service);
  const because = whyLeftOut(judge.control ?? check.control, left, own, service);
  if (because !== undefined) return { ...judge, evidence: [], judge: () => skip(because) };
  const isNarrowed = judge !== check.service;
  return own.length === 0 ? judge : serviceJudgedBy(judge, withoutCases(check, own, isNarrowed, service));
}

/** What leaves out this check, or cases of it: of the lab, or of one service. */
function ownOf(check: AnyCheck, left: readonly Selected[], of?: ServiceId): readonly Selected[] {
  return left.filter(({ checks, service, oneCase }) => {
    const isWhole = service === undefined && oneCase === undefined;
    return checks.some(({ id }) => id === check.id) && (isWhole || service === of);
  });
}

function whyLeftOut(
  control: string | undefined,
  left: readonly Selected[],
  own: readonly Selected[],
  of?: ServiceId,
): string | undefined {
  const whole = own.find(({ oneCase }) => oneCase === undefined);
  if (whole !== undefined) return `skipped by --skip ${whole.selector}`;
  const by = left.find(
    ({ checks, service, oneCase }) =>
      oneCase === undefined &&
      (service === undefined || service === of) &&
      checks.some(({ id }) => id === control),
  );
  return by === undefined ? undefined : `its control ${control ?? ''} was skipped by --skip ${by.selector}`;
}

/** @param isNarrowed whether only some cases are judged: what is not among them is not missing */
function withoutCases(
  check: AnyCheck,
  own: readonly Selected[],
  isNarrowed: boolean,
  service?: ServiceId,
): (all: readonly CaseVerdict[]) => Verdict | Cases {
  return (all) => {
    const missing = own.flatMap(({ oneCase = '' }) =>
      isNarrowed || all.some(({ id }) => id === oneCase)
        ? []
        : [[oneCase, caseOf(check, all, oneCase, service)] as const],
    );
    const kept = all.map(({ id, verdict }) => {
      const by = own.find(({ oneCase }) => oneCase === id);
      return [id, by === undefined ? verdict : skip(`skipped by --skip ${by.selector}`)] as const;
    });
    return eachCase([...kept, ...missing]);
  };
}
