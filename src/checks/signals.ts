import { EDGE_SIGNALS } from './signals/edge.ts';
import { IDP_SIGNALS } from './signals/idp.ts';
import { PROXY_CLOSE_SIGNALS } from './signals/proxy-closes.ts';
import { PROXY_DETAIL_SIGNALS } from './signals/proxy-details.ts';
import { PROXY_FLAG_SIGNALS } from './signals/proxy-flags.ts';
import { PROXY_SIGNALS } from './signals/proxy.ts';
import { STATUS_SIGNALS } from './signals/statuses.ts';
import { TLS_SIGNALS } from './signals/tls.ts';
import type { Signal, SignalSource } from './signals/signal.ts';

/** Every foreign word that is understood, in one table; the first row that fits speaks. */
export const SIGNALS: readonly Signal[] = [
  ...PROXY_SIGNALS,
  ...PROXY_DETAIL_SIGNALS,
  ...PROXY_FLAG_SIGNALS,
  ...PROXY_CLOSE_SIGNALS,
  ...EDGE_SIGNALS,
  ...STATUS_SIGNALS,
  ...TLS_SIGNALS,
  ...IDP_SIGNALS,
];

/** What a component said, and where it said it. */
export interface Heard {
  readonly source: SignalSource;
  readonly text: string;
}

/** The row for what was heard; undefined when no row fits, and then nothing is guessed. */
export function signalOf({ source, text }: Heard): Signal | undefined {
  return SIGNALS.find((signal) => signal.source === source && signal.words.test(text));
}

/** `hop: reason; remedy` of what was heard, or the raw words as UNEXPLAINED. */
export function explainHeard(hop: string, heard: readonly Heard[]): string {
  for (const each of heard) {
    const found = signalOf(each);
    if (found !== undefined) return `${hop}: ${found.reason}; ${found.remedy}`;
  }
  const raw = heard.map(({ source, text }) => `${source} ${text}`).join(', ');
  return `${hop}: UNEXPLAINED ${raw === '' ? 'no message' : raw}`;
}
