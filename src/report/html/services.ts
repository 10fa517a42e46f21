import {
  type CheckReport,
  type CheckResult,
  type ServiceSummary,
  VERDICT_KINDS,
  worstOf,
} from '../../checks/verdict.ts';
import { type Lab, serviceOf } from '../../topology/lab.ts';
import type { HopId } from '../../topology/hop.ts';
import type { Service } from '../../topology/service.ts';
import { type HopFacts, serviceHopFacts } from '../hop-facts.ts';
import { checkDetails, checkSections } from './checks.ts';
import { hopCard } from './hop-card.ts';
import { MARKS } from './marks.ts';
import { html, type Markup } from './markup.ts';
import { toneOf, wordsOf } from './picture.ts';

/** Each service as a chain of its own, in the order of the lab; one that is green is closed, and one line long. */
export function serviceSections(report: CheckReport, lab: Lab): Markup {
  const { services } = report;
  if (services === undefined) return html``;
  return html`<h2>Services</h2>
    ${services.map((summary) => section(summary, report, lab))}`;
}

function section(summary: ServiceSummary, report: CheckReport, lab: Lab): Markup {
  const checks = report.checks.filter(({ service }) => service === summary.service);
  const kind = worstOf(checks.map(({ verdict }) => verdict.kind));
  const service = serviceOf(lab, summary.service);
  const counts = VERDICT_KINDS.filter((each) => summary[each] > 0).map((each) => `${summary[each]} ${each}`);
  const head = html`<span class="mark">${MARKS[kind]} ${kind}</span>
    <strong>${summary.service}</strong>
    <span class="mono">${service?.audience ?? 'not exposed'}</span>
    <span class="dim">${counts.join(', ')}</span>`;
  const chain = service === undefined ? html`` : chainOf(service, serviceHopFacts(report, lab, service));
  const body = html`<div class="body">
    ${brokenLink(summary)}${chain}${notGreen(checks)}
    <details class="none">
      <summary>all ${checks.length} verdicts</summary>
      <div class="body">${checkSections(checks)}</div>
    </details>
  </div>`;
  return ['pass', 'skip'].includes(kind)
    ? html`<details class="service ${kind}">
        <summary>${head}</summary>
        ${body}
      </details>`
    : html`<details class="service ${kind}" open>
        <summary>${head}</summary>
        ${body}
      </details>`;
}

function brokenLink({ firstBroken }: ServiceSummary): Markup {
  if (firstBroken === null) return html``;
  const { hop, id, message } = firstBroken;
  return html`<p>First broken link: ${hop.replace('->', ' → ')}, <code>${id}</code> ${message}</p>`;
}

/** Above the list of all, which is long and closed. */
function notGreen(checks: readonly CheckResult[]): Markup {
  const red = checks.filter(({ verdict }) => !['pass', 'skip'].includes(verdict.kind));
  return red.length === 0
    ? html``
    : html`<h3>Not green</h3>
        ${red.map(checkDetails)}`;
}

function chainOf(service: Service, facts: readonly HopFacts[]): Markup {
  const first = partsOf(service)[0] ?? ['', ''];
  const links = facts.map(({ hop }, at) => {
    const next = partsOf(service)[at + 1] ?? ['', ''];
    return html`${link(facts, hop.id)}${part(next)}`;
  });
  return html`<div class="links">${part(first)}${links}</div>
    <div class="hops">${facts.map((fact) => hopCard(fact, titleOf(service, fact)))}</div>`;
}

/** Nobody comes through the gateway to a service that is not exposed. */
function titleOf({ host }: Service, { hop }: HopFacts): string {
  return host === undefined && hop.id === 'gateway->sidecar' ? 'callers->sidecar' : hop.id;
}

/** What stands at the ends of its hops. */
function partsOf({ host, identity, callers }: Service): readonly (readonly [name: string, who: string])[] {
  const pod = [
    ['sidecar', `${identity.namespace}/${identity.serviceAccount}`],
    ['app', 'plaintext, in the pod'],
  ] as const;
  return host === undefined
    ? [['callers', callers.join(', ') || 'none'], ...pod]
    : [['client', 'browser, CLI'], ['edge', host], ['gateway', 'shared by all services'], ...pod];
}

function part([name, who]: readonly [string, string]): Markup {
  return html`<div class="part"><b>${name}</b><span>${who}</span></div>`;
}

function link(facts: readonly HopFacts[], id: HopId): Markup {
  const [spoken = '', judged = ''] = wordsOf(facts, id);
  return html`<div class="link ${toneOf(facts, id)}">${spoken} → <b>${judged}</b></div>`;
}
