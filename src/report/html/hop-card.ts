import type { HopFacts } from '../hop-facts.ts';
import { MARKS } from './marks.ts';
import { html, type Markup } from './markup.ts';

/** One hop with what was wanted, what was seen and how it was judged. */
export function hopCard({ hop, counts, worst, seen }: HopFacts, title: string = hop.id): Markup {
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
    <h3>${title.replace('->', ' → ')} <span class="mark">${sign}</span></h3>
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
