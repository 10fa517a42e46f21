import type { CheckReport, Verdict } from '../checks/verdict.ts';
import type { Lab } from '../topology/lab.ts';
import { type HopFacts, hopFacts } from './hop-facts.ts';
import { checkSections, checkDetails } from './html/checks.ts';
import { html, type Markup } from './html/markup.ts';
import { MARKS } from './html/marks.ts';
import { picture } from './html/picture.ts';
import { STYLE } from './html/style.ts';
import { shownResults } from './nothing-judged.ts';
import { totals } from './totals.ts';

/**
 * One page that needs nothing else: no script, no font, no image from elsewhere, and a policy that
 * would let none of them in, whatever a component on the wire sent.
 */
export function checkHtml(report: CheckReport, lab: Lab): string {
  const facts = hopFacts(report, lab);
  const red = shownResults(report).filter(({ verdict }) => !['pass', 'skip'].includes(verdict.kind));
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
          ${styles()}
        </style>
      </head>
      <body>
        <header>
          <h1>meshdev check</h1>
          <p class="dim">lab ${report.lab} · ${lab.audience} · ${report.startedAt}</p>
        </header>
        ${banner(report)}
        <main>
          ${picture(lab, facts)}
          <h2>Hops</h2>
          <div class="hops">${facts.map(hopCard)}</div>
          ${
            red.length === 0
              ? html``
              : html`<h2>Not green</h2>
                  ${red.map(checkDetails)}`
          }
          <h2>All checks</h2>
          ${checkSections(report)}
        </main>
      </body>
    </html> `;
  return page.text;
}

function styles(): Markup {
  return { kind: 'markup', text: STYLE };
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

function hopCard({ hop, counts, worst, seen }: HopFacts): Markup {
  const judged = Object.entries(counts).filter(([, count]) => count > 0);
  const verdicts = judged.map(([kind, count]) => `${count} ${kind}`).join(', ');
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['transport', { plaintext: 'plaintext', tls: 'TLS', mtls: 'mutual TLS' }[hop.transport]],
    ['version', version(hop.floor, seen.version)],
    ['cipher', seen.cipher],
    ['ALPN', seen.alpn],
    ['SNI', seen.sni],
    ['server', identity(hop.server, seen.server)],
    ['client', identity(hop.client, seen.client)],
    ['anchor', hop.anchor],
    ...seen.certificates.map((one) => ['certificate', one] as const),
    ['verdicts', verdicts === '' ? 'not judged' : verdicts],
  ];
  const lines = rows.flatMap(([name, value]) =>
    value === undefined
      ? []
      : [
          html`<dt>${name}</dt>
            <dd class="mono">${value}</dd>`,
        ],
  );
  const sign = worst === undefined ? '' : MARKS[worst];
  return html`<div class="card ${worst ?? 'none'}">
    <h3>${hop.id.replace('->', ' → ')} <span class="mark">${sign}</span></h3>
    <dl>${lines}</dl>
  </div>`;
}

function version(floor: string | undefined, seen: string | undefined): string | undefined {
  if (floor === undefined) return seen;
  return `${seen ?? 'not seen'}, minimum ${floor}`;
}

/** What was wanted, and beside it what was seen where it is another. */
function identity(wanted: string | undefined, seen: string | undefined): string | undefined {
  if (wanted === undefined || seen === wanted) return seen ?? wanted;
  return seen === undefined ? `${wanted} (expected)` : `${seen}, expected ${wanted}`;
}
