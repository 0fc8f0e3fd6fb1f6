/** Elements and texts, in pages and in shadow roots. */
export const BASE = `
*, *::before, *::after { box-sizing: border-box; }
h1, h2, h3, p, ul, ol, dl, dd, pre { margin: 0; } ul, ol { padding: 0; list-style: none; }
h1 { font-size: 1.625rem; line-height: 1.2; font-weight: 640; letter-spacing: -.015em; overflow-wrap: anywhere; }
h2 { font-size: 1rem; line-height: 1.35; font-weight: 640; letter-spacing: -.005em; overflow-wrap: anywhere; } h3 { font-size: .875rem; font-weight: 600; overflow-wrap: anywhere; }
p, li, dd { overflow-wrap: anywhere; }
a { color: inherit; text-decoration-color: color-mix(in srgb, currentColor 35%, transparent); text-underline-offset: .18em; } a:hover { text-decoration-color: currentColor; }
code, pre, .mono { font: .8125rem/1.5 var(--mono); font-variant-ligatures: none; overflow-wrap: anywhere; } pre { white-space: pre-wrap; }
strong { font-weight: 600; } b { font-weight: 500; }
.quiet { color: var(--quiet); } .good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); }
.small { font-size: .8125rem; } .tiny { font-size: .75rem; line-height: 1.35; } .num { text-align: right; } .num, .tab { font-variant-numeric: tabular-nums; } .nowrap { white-space: nowrap; }
:focus-visible { outline: 2px solid var(--ink); outline-offset: 2px; border-radius: 4px; }
.vh { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
svg { display: block; } .icon { width: 16px; height: 16px; flex: none; fill: none; stroke: currentColor; stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round; }
.grow { flex: 1; } .acts { display: flex; flex-wrap: wrap; align-items: center; gap: 8px; }
@media (prefers-reduced-motion: reduce) { *, *::before, *::after { transition: none !important; } }
`;

/** The document around the content of a page. */
export const DOCUMENT = `
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: .875rem/1.45 var(--sans); }
`;
