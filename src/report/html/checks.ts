import { type CheckResult, nameOf } from '../../checks/verdict.ts';
import { html, type Markup } from './markup.ts';
import { MARKS } from './marks.ts';

/** Every verdict with what it was judged from, in the order of the chain; what is not green is open. */
export function checkSections(checks: readonly CheckResult[]): readonly Markup[] {
  const hops = [...new Set(checks.map(({ hop }) => hop))];
  return hops.map((hop) => {
    const own = checks.filter((check) => check.hop === hop);
    return html`<section>
      <h3>${hop.replace('->', ' → ')} <span class="dim">${own.length} verdicts</span></h3>
      ${own.map(checkDetails)}
    </section>`;
  });
}

export function checkDetails(check: CheckResult): Markup {
  const { kind } = check.verdict;
  const head = html`<span class="mark">${MARKS[kind]} ${kind}</span>
    <code>${nameOf(check)}</code> ${check.title}`;
  const body = html`<div class="body">${judged(check)}${refusalOf(check)}${evidenceOf(check)}</div>`;
  return ['pass', 'skip'].includes(kind)
    ? html`<details class="${kind}">
        <summary>${head}</summary>
        ${body}
      </details>`
    : html`<details class="${kind}" open>
        <summary>${head}</summary>
        ${body}
      </details>`;
}

function judged({ verdict }: CheckResult): Markup {
  switch (verdict.kind) {
    case 'pass':
      return verdict.because === undefined ? html`` : html`<p>${verdict.because}</p>`;
    case 'skip':
      return html`<p>because ${verdict.because}</p>`;
    case 'warn':
    case 'fail':
    case 'unknown':
      return html`<p><code>${verdict.code}</code> ${verdict.message}</p>
        ${verdict.remedies.map((remedy) => html`<p>run <code>${remedy}</code></p>`)}`;
  }
}

function refusalOf({ refuser, control, verdict }: CheckResult): Markup {
  if (refuser === undefined) return html``;
  const { expected } = verdict;
  const how = expected === undefined ? '' : `, by ${expected.how}: ${expected.reason}`;
  const beside = control === undefined ? '' : `; control ${control}`;
  return html`<p class="dim">to be refused by ${refuser}${how}${beside}</p>`;
}

function evidenceOf({ verdict }: CheckResult): readonly Markup[] {
  return (verdict.evidence ?? []).map(
    (item) => html`<pre>${JSON.stringify(withoutNulls(item), null, 2)}</pre>`,
  );
}

function withoutNulls(item: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(item).filter(([, value]) => value !== null));
}
