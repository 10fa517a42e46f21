import type { Cause } from '../../checks/diagnosis/cause.ts';
import { causeFacts, causeTitle, followLine } from '../causes-text.ts';
import { html, type Markup } from './markup.ts';
import { MARKS } from './marks.ts';

/** What is broken, before the picture of what follows from it. */
export function causeSection(causes: readonly Cause[]): Markup {
  if (causes.length === 0) return html``;
  return html`<h2>${causes.length === 1 ? 'Cause' : 'Causes'}</h2>
    ${causes.map(causeCard)}`;
}

function causeCard(cause: Cause): Markup {
  const rows = causeFacts(cause).map(({ label, text }) =>
    label === 'run'
      ? html`<p>run <code>${text}</code></p>`
      : html`<p><span class="dim">${label}</span> ${text}</p>`,
  );
  const follows = followLine(cause).map((line) => html`<p class="dim">${line}</p>`);
  return html`<div class="banner ${cause.verdict}">
    <strong>${MARKS[cause.verdict]} ${causeTitle(cause)}</strong>
    ${rows}${follows}
  </div>`;
}
