/** The one style sheet of the report; no fonts, no images, nothing from elsewhere. */
export const STYLE = `
:root { color-scheme: light dark; --back: #fbfbfa; --card: #fff; --ink: #1c1f23; --dim: #5b636e; --line: #d5d9df;
  --pass: #1a7f37; --warn: #8a5a00; --fail: #c62828; --unknown: #6f42c1; --skip: #6b7280; --none: #9aa1ab; }
@media (prefers-color-scheme: dark) { :root { --back: #14171a; --card: #1c2025; --ink: #e6e8eb; --dim: #9aa4b0; --line: #363c44;
  --pass: #56c271; --warn: #e0a93b; --fail: #ff7b72; --unknown: #c297ff; --skip: #98a0ab; --none: #6b737d; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 70rem; padding: 1.5rem 1rem 4rem; background: var(--back); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.4rem; margin: 0; } h2 { font-size: 1.1rem; margin: 2.2rem 0 .6rem; } h3 { font-size: 1rem; margin: 1.4rem 0 .4rem; }
p { margin: .3rem 0; } .dim { color: var(--dim); }
code, pre, .mono { font: .86em/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.banner { margin: 1rem 0; padding: .7rem 1rem; border-left: .4rem solid var(--tone); background: var(--card); }
.banner strong { color: var(--tone); }
.pass { --tone: var(--pass); } .warn { --tone: var(--warn); } .fail { --tone: var(--fail); }
.unknown { --tone: var(--unknown); } .skip { --tone: var(--skip); } .none { --tone: var(--none); }
.mark { color: var(--tone); font-weight: 700; white-space: nowrap; }
.chain { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .5rem; }
svg { display: block; width: 100%; height: auto; } svg.tall { display: none; max-width: 26rem; margin: 0 auto; }
svg text { fill: var(--ink); font: 13px system-ui, sans-serif; } svg .name { font-weight: 700; font-size: 15px; }
svg .small { fill: var(--dim); font-size: 11.5px; } svg .tone { fill: var(--tone); font-weight: 700; }
svg .party { fill: var(--back); stroke: var(--line); stroke-width: 1.5; }
svg .wire { stroke: var(--tone); stroke-width: 2.5; fill: none; } svg .head { fill: var(--tone); }
.hops { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 21rem), 1fr)); gap: .8rem; }
.card { background: var(--card); border: 1px solid var(--line); border-top: .25rem solid var(--tone); border-radius: .4rem; padding: .7rem .9rem; }
.card h3 { margin: 0 0 .3rem; }
dl { display: grid; align-items: baseline; grid-template-columns: max-content minmax(0, 1fr); gap: .1rem .8rem; margin: .3rem 0; }
dt { color: var(--dim); } dd { margin: 0; }
details { background: var(--card); border: 1px solid var(--line); border-left: .25rem solid var(--tone); border-radius: .3rem; margin: .3rem 0; }
summary { cursor: pointer; padding: .4rem .7rem; } .body { padding: 0 .9rem .7rem; }
pre { white-space: pre-wrap; margin: .4rem 0; padding: .5rem .7rem; border: 1px solid var(--line); border-radius: .3rem; background: var(--back); }
@media (max-width: 46rem) { svg.wide { display: none; } svg.tall { display: block; } dl { grid-template-columns: minmax(0, 1fr); } dd { margin-bottom: .3rem; } }
@media print { body { max-width: none; } }
`;

/** What pages with services need beside it. */
export const SERVICE_STYLE = `.service > summary { font-size: 1.05rem; } .service strong { margin-right: .6rem; }
.links { display: flex; flex-wrap: wrap; align-items: center; gap: .4rem; margin: .6rem 0 1rem; padding: 0; list-style: none; }
.links .part { padding: .3rem .7rem; border: 1.5px solid var(--line); border-radius: .4rem; background: var(--back); }
.links .part span { display: block; font-size: .78rem; color: var(--dim); }
.links .link { padding: 0 .3rem; border-bottom: 2px solid var(--tone); font-size: .82rem; } .links .link b { color: var(--tone); }
`;
