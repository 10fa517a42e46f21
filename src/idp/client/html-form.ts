import type { Arrival } from './headless-browser.ts';

/** The form of a page, as a browser would post it. */
export interface HtmlForm {
  readonly action: URL;
  /** Names and values of its hidden fields. */
  readonly fields: Readonly<Record<string, string>>;
}

/** Of our own pages, which quote every attribute; undefined where there is none. */
export function formIn({ url, response }: Extract<Arrival, { kind: 'page' }>): HtmlForm | undefined {
  const action = /<form\b[^>]*\baction="([^"]+)"/.exec(response.body)?.[1];
  if (action === undefined || response.status !== 200) return undefined;
  const hidden = [...response.body.matchAll(/<input\b[^>]*\btype="hidden"[^>]*>/g)].map(([input]) => input);
  const fields = hidden.flatMap((input) => {
    const [name, value] = ['name', 'value'].map(
      (attribute) => new RegExp(`\\b${attribute}="([^"]*)"`).exec(input)?.[1],
    );
    return name === undefined ? [] : [[name, value ?? ''] as const];
  });
  return { action: new URL(action, url), fields: Object.fromEntries(fields) };
}
