import { VIEWER } from '../sample/names.ts';
import { isPlainTarget } from '../edge/plain-paths.ts';
import { PATH_CASES, type PathCase, type PathOutcome } from '../cases/path-cases.ts';
import type { Lab } from '../topology/lab.ts';
import { fail, pass, seeing, unknown } from './check.ts';
import { exchangeItem } from './evidence-item.ts';
import { requestSeen } from './describe.ts';
import type { PathRequest } from '../evidence/corpora.ts';
import { refusedAtEdge } from './refused-at-edge.ts';
import { RBAC_DEFAULT } from '../records/rbac-words.ts';
import { refusedBySidecar } from './refusal.ts';
import type { Verdict } from './verdict.ts';

/** One verdict for each spelling. */
export function pathCases(
  requests: readonly PathRequest[],
  lab: Pick<Lab, 'strictPaths'>,
): readonly (readonly [id: string, verdict: Verdict])[] {
  const sent = new Map(requests.map((traced) => [traced.case.id, traced]));
  return PATH_CASES.map(({ id }) => {
    const traced = sent.get(id);
    return [
      id,
      traced === undefined ? unknown('CASE_NOT_RUN', `${id} was not sent`) : judgePath(traced, lab),
    ];
  });
}

/** What becomes of a spelling in this lab: a strict edge refuses what has a second one, whatever it would be to others. */
export function outcomeIn(
  { strictPaths }: Pick<Lab, 'strictPaths'>,
  { via, path, outcome }: PathCase,
): PathOutcome {
  const isRefused = strictPaths && via === 'edge' && !isPlainTarget(path);
  return isRefused ? { kind: 'refused', by: 'edge' } : outcome;
}

function judgePath(traced: PathRequest, lab: Pick<Lab, 'strictPaths'>): Verdict {
  const { path } = traced.case;
  const outcome = outcomeIn(lab, traced.case);
  const who = `${VIEWER} on ${JSON.stringify(path)}`;
  return unjudged(traced, who) ?? asMeasured(traced, outcome, who);
}

/** The app may see what the viewer may read, however an app might read the path, and what policy has seen. */
function unjudged(traced: PathRequest, who: string): Verdict | undefined {
  const { app, sidecar } = traced;
  if (app === undefined) return undefined;
  const told = (why: string): Verdict =>
    seeing(fail('HDR_PATH_NOT_JUDGED', `${who}: ${why}`), exchangeItem(traced));
  if (!/^\/anything\/read(\/|$)/.test(asAnAppMayRead(app.uri)))
    return told(`the app received ${app.uri}, which is not below /anything/read`);
  const judged = sidecar?.path;
  if (judged !== undefined && judged !== withoutQuery(app.uri))
    return told(`the policy evaluated ${judged}, the app received ${app.uri}`);
  return traced.appTimes > 1 ? told(`it reached the app ${traced.appTimes} times`) : undefined;
}

/** Decoded once, backslashes as slashes, parameters cut off, dots resolved: the most lenient reading that is in use. */
export function asAnAppMayRead(uri: string): string {
  const decoded = withoutQuery(uri).replaceAll(/%([0-9a-fA-F]{2})/g, (_all, hex: string) =>
    String.fromCodePoint(Number.parseInt(hex, 16)),
  );
  const names: string[] = [];
  for (const part of decoded.split(/[/\\]+/)) {
    const [name = ''] = part.split(';');
    if (name === '..') names.pop();
    else if (name !== '' && name !== '.') names.push(name);
  }
  return `/${names.join('/')}`;
}

function withoutQuery(uri: string): string {
  return uri.split('?')[0] ?? uri;
}

function asMeasured(traced: PathRequest, outcome: PathOutcome, who: string): Verdict {
  switch (outcome.kind) {
    case 'denied':
      return refusedBySidecar(traced, {
        status: 403,
        details: RBAC_DEFAULT,
        code: 'HDR_PATH_NOT_JUDGED',
        who,
      });
    case 'refused':
      return outcome.by === 'edge'
        ? refusedAtEdge(traced, 400, who, 'HDR_PATH_NOT_JUDGED')
        : seeing(refusedBehind(traced, outcome.by, who), exchangeItem(traced));
    case 'read':
      return seeing(wasRead(traced, outcome.uri, who), exchangeItem(traced));
  }
}

/** The gateway refuses before the sidecar hears of it; an app that cannot read the target writes nothing. */
function refusedBehind(traced: PathRequest, by: 'gateway' | 'app', who: string): Verdict {
  if (traced.status === undefined) return unknown('NO_ANSWER', `${who}: ${requestSeen(traced)}`);
  const reached = traced.sidecar?.response_code_details === 'via_upstream';
  if (traced.status === 400 && reached === (by === 'app') && (by === 'app' || traced.sidecar === undefined))
    return pass(`400 by the ${by}`);
  // Nobody in question answers with that: a link before it is broken.
  if (traced.status >= 500) return unknown('PATH_BROKEN', `${who}: ${requestSeen(traced)}`);
  return fail('HDR_PATH_OTHERWISE', `${who} should get 400 from the ${by}; ${requestSeen(traced)}`);
}

function wasRead(traced: PathRequest, uri: string, who: string): Verdict {
  if (traced.status === undefined) return unknown('NO_ANSWER', `${who}: ${requestSeen(traced)}`);
  if (traced.sidecar === undefined)
    return unknown('PATH_BROKEN', `${who} did not reach the sidecar; ${requestSeen(traced)}`);
  // Policies let it pass, and the app or the way to it gave up: that says nothing about the path.
  if (traced.app === undefined && traced.status >= 500)
    return unknown('PATH_BROKEN', `${who}: ${requestSeen(traced)}`);
  return traced.app?.uri === uri
    ? pass(`policy and app received ${uri}`)
    : fail(
        'HDR_PATH_OTHERWISE',
        `${who} should reach the app as ${uri}; ${traced.app?.uri ?? requestSeen(traced)}`,
      );
}
