import { APP_ID } from '../../sample/names.ts';
import type { HopId } from '../../topology/hop.ts';
import type { Lab } from '../../topology/lab.ts';
import type { HopFacts } from '../hop-facts.ts';
import { MARKS } from './marks.ts';
import { html, type Markup } from './markup.ts';

interface Component {
  readonly name: string;
  readonly who: string;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

const BOX = { width: 148, height: 64 };
const CHAIN = [
  'client->edge',
  'edge->gateway',
  'gateway->sidecar',
  'sidecar->app',
] as const satisfies readonly HopId[];

/** The chain in one picture: once for wide screens, once from top to bottom for narrow ones. */
export function picture(lab: Lab, facts: readonly HopFacts[]): Markup {
  const components = componentsOf(lab);
  const said = CHAIN.map((id) => `${id.replace('->', ' to ')}: ${wordsOf(facts, id).join(', ')}`).join('. ');
  return html`<div class="chain">${wide(components, facts, said)}${tall(components, facts, said)}</div>`;
}

function componentsOf({ hosts, workloads }: Lab): readonly Component[] {
  const { gateway, [APP_ID]: app } = workloads;
  return [
    { name: 'client', who: 'browser, CLI' },
    { name: 'edge', who: hosts[APP_ID] },
    { name: 'gateway', who: `${gateway.namespace}/${gateway.serviceAccount}` },
    { name: 'sidecar', who: `${app.namespace}/${app.serviceAccount}` },
    { name: 'app', who: 'plaintext, in the pod' },
  ];
}

function wide(components: readonly Component[], facts: readonly HopFacts[], said: string): Markup {
  const at = components.map((_, index) => ({ x: 8 + index * 263, y: 44 }));
  const idp = { x: 8 + 263, y: 214 };
  const wires = CHAIN.map((id, index) => {
    const y = 44 + BOX.height / 2;
    const [from, to] = [8 + index * 263 + BOX.width, 8 + (index + 1) * 263];
    const middle = (from + to) / 2;
    const [first = '', second = ''] = wordsOf(facts, id);
    return html`<g class="${toneOf(facts, id)}">
      <line class="wire" x1="${from}" y1="${y}" x2="${to - 9}" y2="${y}" />
      <path class="head" d="M${to} ${y} l-10 -5 v10 z" />
      <text x="${middle}" y="${y - 10}" text-anchor="middle">${first}</text>
      <text class="tone" x="${middle}" y="${y + 22}" text-anchor="middle">${second}</text></g
    >`;
  });
  const [first = '', second = ''] = wordsOf(facts, 'edge->idp');
  const x = idp.x + BOX.width / 2;
  const down = html`<g class="${toneOf(facts, 'edge->idp')}">
    <line class="wire" x1="${x}" y1="108" x2="${x}" y2="205" /><path
      class="head"
      d="M${x} 214 l-5 -10 h10 z"
    />
    <text x="${x + 12}" y="155">${first}</text><text class="tone" x="${x + 12}" y="175">${second}</text></g
  >`;
  const beside = [idpLine(facts, 'client->idp', 436, 238), idpLine(facts, 'istiod->idp', 436, 262)];
  const boxes = components.map((component, index) => box(component, at[index] ?? idp));
  return html`<svg class="wide" viewBox="0 0 1216 290" role="img" aria-label="${said}">
    ${wires}${down}${boxes}${box({ name: 'IdP', who: 'outside the mesh' }, idp)}${beside}
  </svg>`;
}

function idpLine(facts: readonly HopFacts[], id: HopId, x: number, y: number): Markup {
  const [first = '', second = ''] = wordsOf(facts, id);
  return html`<g class="${toneOf(facts, id)}"
    ><text class="small" x="${x}" y="${y}">${id.replace('->', ' → ')}, through the edge: ${first}</text>
    <text class="tone" x="${x + 270}" y="${y}">${second}</text></g
  >`;
}

function tall(components: readonly Component[], facts: readonly HopFacts[], said: string): Markup {
  const step = 132;
  const x = 16;
  const middle = x + BOX.width / 2;
  const wires = CHAIN.map((id, index) => {
    const [from, to] = [8 + index * step + BOX.height, 8 + (index + 1) * step];
    const [first = '', second = ''] = wordsOf(facts, id);
    return html`<g class="${toneOf(facts, id)}">
      <line class="wire" x1="${middle}" y1="${from}" x2="${middle}" y2="${to - 9}" />
      <path class="head" d="M${middle} ${to} l-5 -10 h10 z" />
      <text x="${middle + 14}" y="${from + 28}">${first}</text>
      <text class="tone" x="${middle + 14}" y="${from + 48}">${second}</text></g
    >`;
  });
  const boxes = components.map((component, index) => box(component, { x, y: 8 + index * step }));
  const y = 8 + step;
  const across = y + BOX.height / 2;
  const [first = '', second = ''] = wordsOf(facts, 'edge->idp');
  const idp = html`<g class="${toneOf(facts, 'edge->idp')}">
    <line class="wire" x1="${x + BOX.width}" y1="${across}" x2="255" y2="${across}" /><path
      class="head"
      d="M264 ${across} l-10 -5 v10 z"
    />
    <text x="214" y="${across - 10}" text-anchor="middle">${first}</text
    ><text class="tone" x="214" y="${across + 22}" text-anchor="middle">${second}</text></g
  >`;
  return html`<svg
    class="tall"
    viewBox="0 0 420 ${16 + 4 * step + BOX.height}"
    role="img"
    aria-label="${said}"
  >
    ${wires}${idp}${boxes}${box({ name: 'IdP', who: 'outside the mesh' }, { x: 264, y })}
  </svg>`;
}

function box({ name, who }: Component, { x, y }: Point): Markup {
  const middle = x + BOX.width / 2;
  return html`<g
    ><rect class="party" x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="8" />
    <text class="name" x="${middle}" y="${y + 28}" text-anchor="middle">${name}</text>
    <text class="small" x="${middle}" y="${y + 48}" text-anchor="middle">${shortened(who)}</text></g
  >`;
}

/** What fits into a box; the cards below have the whole. */
function shortened(text: string): string {
  return text.length <= 22 ? text : `${text.slice(0, 21)}…`;
}

/** What a hop speaks, and how it was judged. */
export function wordsOf(facts: readonly HopFacts[], id: HopId): readonly [string, string] | readonly [] {
  const fact = facts.find(({ hop }) => hop.id === id);
  if (fact === undefined) return [];
  const { hop, seen, worst, counts } = fact;
  const transport = { plaintext: 'plaintext', tls: 'TLS', mtls: 'mutual TLS' }[hop.transport];
  const version = seen.version?.replace(/^TLSv/, '');
  const spoken = [transport, ...(version === undefined ? [] : [version])].join(' ');
  if (worst === undefined) return [spoken, 'not judged'];
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return [spoken, `${MARKS[worst]} ${worst === 'pass' ? total : counts[worst]} ${worst}`];
}

export function toneOf(facts: readonly HopFacts[], id: HopId): string {
  return facts.find(({ hop }) => hop.id === id)?.worst ?? 'none';
}
