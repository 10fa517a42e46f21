import { MeshdevError } from '../errors/meshdev-error.ts';
import { categoryOf } from './categories.ts';
import { type AnyCheck, type CaseVerdict, type Cases, eachCase, skip, unknown } from './check.ts';
import { didYouMean, nearest } from '../nearest.ts';
import type { Verdict } from './verdict.ts';

/** One selector as it was written, and what of the catalogue it means. */
interface Chosen {
  readonly selector: string;
  readonly checks: readonly AnyCheck[];
  /** Only this case of its one check. */
  readonly oneCase: string | undefined;
}

/**
 * Checks by id, case (`MD-JWT-010[alg-none]`), category (`jwt`, `MD-JWT`) or hop (`edge->gateway`),
 * with the controls that they need; everything when nothing is selected. What `skipped` names stays
 * in the report as a skip that says so. The order of the catalogue is kept.
 * @throws MeshdevError USAGE naming the selector that selects nothing, and what is spelt like it
 */
export function select(
  catalogue: readonly AnyCheck[],
  selectors: readonly string[],
  skipped: readonly string[] = [],
): readonly AnyCheck[] {
  const wanted = selectors.map((selector) => chosenBy(catalogue, selector));
  const left = skipped.map((selector) => chosenBy(catalogue, selector));
  const asked = new Set(wanted.length === 0 ? catalogue : wanted.flatMap(({ checks }) => checks));
  const controls = new Set([...asked].map((check) => check.control));
  return catalogue
    .filter((check) => asked.has(check) || controls.has(check.id))
    .map((check) => (controls.has(check.id) ? check : onlyCases(check, wanted)))
    .map((check) => leftOut(check, left));
}

function chosenBy(catalogue: readonly AnyCheck[], selector: string): Chosen {
  const [, name = '', oneCase] = /^(.*?)(?:\[([^\]]+)\])?$/s.exec(selector.toLowerCase()) ?? [];
  const wanted = name.replace(/^md-(?=[a-z]+$)/, '');
  const checks = catalogue.filter(({ id, hop }) => {
    const names = oneCase === undefined ? [categoryOf({ id }).toLowerCase(), hop.toLowerCase()] : [];
    return [id.toLowerCase(), ...names].includes(wanted);
  });
  if (checks.length === 0) throw notFound(catalogue, selector);
  return { selector, checks, oneCase };
}

function notFound(catalogue: readonly AnyCheck[], selector: string): MeshdevError {
  const categories = [...new Set(catalogue.map((check) => categoryOf(check).toLowerCase()))];
  const names = [...catalogue.flatMap(({ id, hop }) => [id, hop]), ...categories];
  const near = nearest(selector.replace(/\[.*$/s, ''), names);
  const hint = didYouMean(near) || '.';
  return new MeshdevError('USAGE', {
    message: `selecting checks: no check, category or hop is called ${JSON.stringify(selector)}${hint} The categories are ${categories.join(', ')}`,
    remedies: ['meshdev check --list'],
  });
}

/** Where every selector that names this check names a case of it, the other cases are not reported. */
function onlyCases(check: AnyCheck, wanted: readonly Chosen[]): AnyCheck {
  const own = wanted.filter(({ checks }) => checks.includes(check));
  const cases = own.flatMap(({ oneCase }) => (oneCase === undefined ? [] : [oneCase]));
  if (cases.length === 0 || cases.length < own.length) return check;
  return judgedBy(check, (all) => eachCase(cases.map((id) => [id, caseOf(check, all, id)])));
}

function caseOf({ id: check }: AnyCheck, all: readonly CaseVerdict[], wanted: string): Verdict {
  const found = all.find(({ id }) => id === wanted);
  if (found !== undefined) return found.verdict;
  const ids = all.map(({ id }) => id);
  const near = nearest(wanted, ids);
  const names = (near.length === 0 ? ids : near).join(', ');
  return unknown('CASE_NOT_RUN', `${check} has no case ${wanted}; it has ${names || 'no cases'}`, [
    `meshdev check ${check} --verbose`,
  ]);
}

/** A negative whose control was left out proves nothing, so it is left out too. */
function leftOut(check: AnyCheck, left: readonly Chosen[]): AnyCheck {
  const own = left.filter(({ checks }) => checks.includes(check));
  const whole = own.find(({ oneCase }) => oneCase === undefined);
  const because = whole === undefined ? controlLeftOut(check, left) : `skipped by --skip ${whole.selector}`;
  if (because !== undefined) return { ...check, evidence: [], judge: () => skip(because) };
  if (own.length === 0) return check;
  return judgedBy(check, (all) => {
    const missing = own.flatMap(({ oneCase = '' }) =>
      all.some(({ id }) => id === oneCase) ? [] : [[oneCase, caseOf(check, all, oneCase)] as const],
    );
    const kept = all.map(({ id, verdict }) => {
      const by = own.find(({ oneCase }) => oneCase === id);
      return [id, by === undefined ? verdict : skip(`skipped by --skip ${by.selector}`)] as const;
    });
    return eachCase([...kept, ...missing]);
  });
}

function controlLeftOut({ control }: AnyCheck, left: readonly Chosen[]): string | undefined {
  const by = left.find(
    ({ checks, oneCase }) => oneCase === undefined && checks.some(({ id }) => id === control),
  );
  return by === undefined ? undefined : `its control ${control ?? ''} was skipped by --skip ${by.selector}`;
}

/** The same check with its cases changed; what is judged as a whole has no cases to change. */
function judgedBy(check: AnyCheck, change: (cases: readonly CaseVerdict[]) => Verdict | Cases): AnyCheck {
  return {
    ...check,
    judge: (found, context) => {
      const judged = check.judge(found, context);
      return judged.kind === 'cases' ? change(judged.cases) : change([]);
    },
  };
}
