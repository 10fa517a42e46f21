import type { CheckReport, Verdict } from '../checks/verdict.ts';
import type { Lab } from '../topology/lab.ts';
import { hopFacts } from './hop-facts.ts';
import { causeSection } from './html/causes.ts';
import { checkSections, checkDetails } from './html/checks.ts';
import { hopCard } from './html/hop-card.ts';
import { html, type Markup } from './html/markup.ts';
import { MARKS } from './html/marks.ts';
import { picture } from './html/picture.ts';
import { serviceSections } from './html/services.ts';
import { SERVICE_STYLE, STYLE } from './html/style.ts';
import { shownResults } from './nothing-judged.ts';
import { totals } from './totals.ts';

/**
 * One page that needs nothing else: no script, no font, no image from elsewhere, and a policy that
 * would let none of them in, whatever a component on the wire sent.
 */
export function checkHtml(report: CheckReport, lab: Lab): string {
  const facts = hopFacts(report, lab);
  const red = shownResults(report).filter(
    ({ verdict, service }) => service === undefined && !['pass', 'skip'].includes(verdict.kind),
  );
  const services = serviceSections(report, lab);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"
        />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="referrer" content="no-referrer" />
        <title>meshdev check: lab ${report.lab}, exit ${report.summary.exitCode}</title>
        <style>
          ${styles(report)}
        </style>
      </head>
      <body>
        <header>
          <h1>meshdev check</h1>
          <p class="dim">lab ${report.lab} · ${lab.audience} · ${report.startedAt}</p>
        </header>
        ${banner(report)}
        <main>
          ${causeSection(report.causes ?? [])}${picture(lab, facts)}
          <h2>Hops</h2>
          <div class="hops">${facts.map((fact) => hopCard(fact))}</div>
          ${
            red.length === 0
              ? services
              : html`<h2>Not green</h2>
                  ${red.map(checkDetails)}${services}`
          }
          <h2>All checks</h2>
          ${checkSections(report.checks.filter(({ service }) => service === undefined))}
        </main>
      </body>
    </html> `;
  return page.text;
}

function styles({ services }: CheckReport): Markup {
  return { kind: 'markup', text: services === undefined ? STYLE : STYLE + SERVICE_STYLE };
}

const HEADLINE: Readonly<Record<number, readonly [Verdict['kind'], string]>> = {
  0: ['pass', 'The trust chain is verified.'],
  1: ['fail', 'A link of the trust chain is broken.'],
  6: ['unknown', 'The trust chain is not verified.'],
  130: ['unknown', 'The trust chain is not verified.'],
  143: ['unknown', 'The trust chain is not verified.'],
};

function banner(report: CheckReport): Markup {
  const [tone, words] = HEADLINE[report.summary.exitCode] ?? ['unknown', ''];
  const broken = report.firstBroken;
  const first =
    broken === null
      ? html``
      : html`<p>
          First broken link: ${broken.hop.replace('->', ' → ')}, <code>${broken.id}</code> ${broken.message}
        </p>`;
  const half = report.interrupted ? html`<p>The run was interrupted: the report is incomplete.</p>` : html``;
  return html`<div class="banner ${tone}">
    <strong>${MARKS[tone]} ${words}</strong>
    <p class="mono" id="totals">${totals(report)}</p>
    ${first}${half}
  </div>`;
}
