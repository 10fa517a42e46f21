import { fail, pass, skip, unknown, warn } from './check.ts';
import type { OpenRoute } from '../evidence/open-routes.ts';
import { removalOf } from './removal.ts';
import type { Verdict } from './verdict.ts';

type Entry = readonly [id: string, verdict: Verdict];

/** Pure: one case for each route that is not the plan's. */
export function openRouteCases(routes: readonly OpenRoute[]): readonly Entry[] {
  return routes.map((route) => [caseOf(route), judgeRoute(route)]);
}

function caseOf({ rule }: OpenRoute): string {
  return rule === undefined ? 'route' : (rule.split(' ')[1] ?? rule).replaceAll('/', '-');
}

function judgeRoute({ rule, url, answer }: OpenRoute): Verdict {
  const of = rule === undefined ? '' : `, by ${rule}`;
  switch (answer.kind) {
    case 'not-asked':
      return skip(`${url}${of}: ${answer.because}`);
    case 'silent':
      return unknown('NO_ANSWER', `GET ${url} without a token${of}: ${answer.because}`);
    case 'answered': {
      const { status, upstream } = answer;
      const told = `GET ${url} without a token: HTTP ${status}`;
      if (upstream === undefined) return pass(`${told} from the gateway itself${of}`);
      if (status === 401 || status === 403 || status >= 500) return pass(`${told}${of}`);
      const remedies =
        rule === undefined ? ['meshdev kubectl get virtualservices,envoyfilters -A'] : [removalOf(rule)];
      return status < 400
        ? fail(
            'RBAC_OPEN_PATH',
            `${told} from ${upstream}: this path is accessible without a token${of}`,
            remedies,
          )
        : warn('RBAC_OPEN_PATH', `${told} from ${upstream}: it reaches an app${of}`, remedies);
    }
  }
}
