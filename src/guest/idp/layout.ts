import { createHash } from 'node:crypto';

/** Text as HTML shows it, in elements and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

const STYLE = `
:root{color-scheme:light dark;--bg:#f3f5f9;--card:#fff;--text:#16202e;--dim:#55627a;--line:#c6cedb;--accent:#1f5fd1;--bad:#a3161b;--badbg:#fdecec}
@media(prefers-color-scheme:dark){:root{--bg:#10151d;--card:#19212d;--text:#e8edf5;--dim:#a3afc2;--line:#3a475b;--accent:#2f6fe0;--bad:#ffb4b4;--badbg:#3a1a1d}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1.5rem;background:var(--bg);color:var(--text);font:1rem/1.5 system-ui,sans-serif}
main{width:100%;max-width:25rem;background:var(--card);border:1px solid var(--line);border-radius:14px;padding:2rem;box-shadow:0 12px 32px rgb(0 0 0/.08)}
.brand{margin:0 0 1.25rem;font-weight:650;letter-spacing:.02em;color:var(--dim)}
h1{margin:0 0 .25rem;font-size:1.45rem;line-height:1.25}
p{margin:.25rem 0 1rem}.dim{color:var(--dim);font-size:.925rem}
label{display:block;margin:0 0 .3rem;font-weight:600}
input[type=text],input[type=password]{width:100%;margin:0 0 1rem;padding:.65rem .75rem;font:inherit;color:inherit;background:transparent;border:1px solid var(--line);border-radius:8px}
input:focus-visible,button:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
button{width:100%;padding:.7rem;font:inherit;font-weight:600;border-radius:8px;border:1px solid var(--accent);background:var(--accent);color:#fff;cursor:pointer}
button.plain{margin-top:.6rem;background:transparent;color:inherit;border-color:var(--line)}
.alert{margin:0 0 1rem;padding:.65rem .75rem;border-radius:8px;color:var(--bad);background:var(--badbg)}
code{font:600 1.4rem/1.6 ui-monospace,monospace;letter-spacing:.08em}
dl{margin:0;display:grid;grid-template-columns:auto 1fr;gap:.25rem .75rem}dt{font-weight:600}dd{margin:0;overflow-wrap:anywhere}
`;

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/**
 * What every answer carries, page or not: no scripts, no frames, nothing from elsewhere. There is no
 * `form-action`, because browsers apply it to the redirect that follows the form too, which leads to the
 * client. `script-src` allows nothing as it stands: oidc-provider adds the hash of its one script to it, in
 * the pages that post themselves (`response_mode=form_post`, `/device?user_code=…`).
 */
export const SAFE_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': `default-src 'none'; script-src; style-src 'sha256-${STYLE_HASH}'; frame-ancestors 'none'; base-uri 'none'`,
  // Not no-referrer: browsers would then post the form with `Origin: null`.
  'Referrer-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};

export const NOT_STORED = { 'Cache-Control': 'no-store' } as const;

/** Headers of every page. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = { ...SAFE_HEADERS, ...NOT_STORED };

/** A whole page; `content` is HTML and has its texts escaped already. */
export function layout(title: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} · meshdev</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<p class="brand">meshdev</p>
<h1>${escapeHtml(title)}</h1>
${content}
</main>
</body>
</html>
`;
}
