/** The style sheet of all pages; its colours and fonts are in `tokens.ts`. */
export const STYLE = `
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: .875rem/1.45 var(--sans); }
h1, h2, h3, p, ul, dl, dd { margin: 0; } ul { padding: 0; list-style: none; }
h1 { font-size: 1.625rem; line-height: 1.2; font-weight: 640; letter-spacing: -.015em; overflow-wrap: anywhere; }
h2 { font-size: 1rem; line-height: 1.35; font-weight: 640; letter-spacing: -.005em; } h3 { font-size: .875rem; font-weight: 600; overflow-wrap: anywhere; }
p, li, dd { overflow-wrap: anywhere; }
code, pre, .mono { font: .8125rem/1.5 var(--mono); font-variant-ligatures: none; overflow-wrap: anywhere; } pre { margin: 0; white-space: pre-wrap; }
strong { font-weight: 600; } b { font-weight: 500; }
.quiet { color: var(--quiet); } .good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); }
.small { font-size: .8125rem; } .tiny { font-size: .75rem; line-height: 1.35; } .num { text-align: right; } .num, .tab { font-variant-numeric: tabular-nums; } .nowrap { white-space: nowrap; }
:focus-visible { outline: 2px solid var(--ink); outline-offset: 2px; border-radius: 4px; }
.vh { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
svg { display: block; } .icon { width: 16px; height: 16px; flex: none; fill: none; stroke: currentColor; stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round; }

/* Frame */
.top { background: var(--card); border-bottom: 1px solid var(--line); } .wrap { max-width: 1240px; margin: 0 auto; padding: 0 24px; } main.wrap { padding-top: 30px; padding-bottom: 80px; }
.bar { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 4px 12px; min-height: 54px; }
.brand { display: flex; align-items: center; gap: 9px; font-weight: 640; letter-spacing: -.01em; } .brand svg { width: 22px; height: 22px; }
.lead { max-width: 44rem; margin-top: 6px; font-size: 1rem; color: var(--quiet); }
.facts { display: flex; flex-wrap: wrap; gap: 4px 22px; margin: 12px 0 18px; color: var(--quiet); } .facts div { display: flex; gap: 5px; } .facts dd { color: var(--ink); font-weight: 500; }
.stack { display: grid; grid-template-columns: minmax(0, 1fr); gap: 20px; }
.panel { background: var(--card); border: 1px solid var(--line); border-radius: 10px; } .panel > header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 12px; padding: 15px 20px 0; } .panel > .body { padding: 12px 20px 18px; }
.note { display: flex; gap: 11px; padding: 12px 16px; border: 1px solid var(--line); border-radius: 10px; background: var(--card); color: var(--ink); } .note .icon { margin-top: 2px; } .note > div { min-width: 0; overflow-wrap: anywhere; }
.note.bad { background: var(--bad-page); border-color: var(--bad-line); } .note.bad > .icon, .note.bad strong { color: var(--bad); }
.note.warn { background: var(--warn-page); border-color: var(--warn-line); } .note.warn > .icon { color: var(--warn); } .note.good > .icon, .note.good strong { color: var(--good); }
.verdict { display: flex; gap: 8px; align-items: baseline; margin-bottom: 12px; } .verdict .icon { position: relative; top: 3px; } .verdict.quiet strong { color: var(--ink); }
summary { cursor: pointer; } .disclosure > summary { list-style: none; display: inline-flex; align-items: center; gap: 5px; color: var(--quiet); font-size: .8125rem; min-height: 28px; } .disclosure > summary::-webkit-details-marker { display: none; } .disclosure > summary:hover { color: var(--ink); }
.disclosure > summary .icon { width: 12px; height: 12px; transition: rotate .12s; } .disclosure[open] > summary .icon { rotate: 90deg; } .disclosure > .in { padding: 6px 0 14px 17px; }
.disclosures { margin-top: 12px; } .notes { margin-top: 8px; display: grid; gap: 4px; padding-left: 1.1em; list-style: disc; }
@media (prefers-reduced-motion: reduce) { *, *::before, *::after { transition: none !important; } }

/* Tables */
table { width: 100%; border-collapse: collapse; } th, td { padding: 0; text-align: left; vertical-align: top; font-weight: 400; overflow-wrap: anywhere; } th.num { text-align: right; }
.grid td, .grid th { padding: 7px 14px 7px 0; border-top: 1px solid var(--line); vertical-align: middle; } .grid thead th { border: 0; padding-top: 0; color: var(--quiet); font-size: .75rem; vertical-align: bottom; } .grid td:last-child, .grid th:last-child { padding-right: 0; } .grid .chart { width: 36%; }
.grid th.num, .grid td.num { white-space: nowrap; overflow-wrap: normal; }
.forest td, .forest th { padding-block: 10px; } .forest thead th { padding-bottom: 10px; } .forest tbody th { width: 21%; font-weight: 550; } .forest tbody th .tiny, .forest tbody th .key { font-weight: 400; }
.forest .group th { padding: 12px 0 4px; width: auto; color: var(--quiet); font-size: .75rem; font-weight: 400; } .forest .group + tr th, .forest .group + tr td { border-top: 0; padding-top: 2px; }
.forest .same th, .forest .same td { border-top: 0; padding-top: 0; } .forest .say { width: 8.5rem; font-size: .8125rem; } .forest .diff { white-space: nowrap; overflow-wrap: normal; } .arm { display: none; } .says { display: inline-flex; gap: 5px; } .says .icon { width: 14px; height: 14px; margin-top: 2px; }
.aud + .aud, .disclosure + .aud { margin-top: 20px; } .aud > p { margin-bottom: 8px; } .scroll-x { overflow-x: auto; }
.pairs { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 4px 16px; } .pairs dt { color: var(--quiet); } .in > * + *, .body > * + .grid, .body > * + .disclosure { margin-top: 10px; }
.block + .block { margin-top: 20px; } .block > h3 { margin-bottom: 6px; }

/* Charts */
.v0 { fill: var(--v0); } .v1 { fill: var(--v1); } .v2 { fill: var(--v2); } .v3 { fill: var(--v3); } .v4 { fill: var(--v4); } .v5 { fill: var(--v5); } .vp { fill: var(--parked); } .vbad { fill: var(--bad); } .vink { fill: var(--ink); }
.s0 { stroke: var(--v0); } .s1 { stroke: var(--v1); } .s2 { stroke: var(--v2); } .s3 { stroke: var(--v3); } .s4 { stroke: var(--v4); } .s5 { stroke: var(--v5); } .sp { stroke: var(--parked); } .sbad { stroke: var(--bad); } .sink { stroke: var(--ink); }
.key { display: inline-flex; align-items: baseline; gap: 6px; min-width: 0; } .key svg { width: 9px; height: 9px; flex: none; } .keys { display: flex; flex-wrap: wrap; gap: 2px 12px; font-size: .8125rem; }
.axis { stroke: var(--line); stroke-width: 1; } .zero { stroke: var(--ink); stroke-width: 1; } .limit { stroke: var(--edge); stroke-dasharray: 3 3; }
.ci { stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; fill: none; } .line { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; } .band { opacity: .14; stroke: none; }
.interval, .lines { overflow: visible; } .lines .zero { stroke: var(--edge); } .t { fill: var(--quiet); font: .75rem var(--sans); font-variant-numeric: tabular-nums; } .t.ink { fill: var(--ink); }
.fit { container-type: inline-size; } .fit .keys { display: none; margin-bottom: 6px; } @container (max-width: 620px) { .endlabel { display: none; } .fit .keys { display: flex; } }

@media (max-width: 760px) {
  .wrap { padding: 0 16px; } main.wrap { padding-top: 22px; } h1 { font-size: 1.375rem; } .bar { padding-block: 8px; }
  .panel > header, .panel > .body { padding-left: 16px; padding-right: 16px; } .disclosure > summary { min-height: 36px; } .disclosure > .in { padding-left: 0; }
  .pairs { grid-template-columns: minmax(0, 1fr); gap: 0; } .pairs dd + dt { margin-top: 8px; }
  .forest, .forest tbody, .splits, .splits tbody { display: block; }
  .forest thead, .splits thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .forest tr { display: grid; grid-template-columns: auto minmax(0, 1fr) auto; grid-template-areas: "name name diff" "chart chart chart" "zero one one" "say say say"; gap: 4px 14px; padding: 12px 0; border-top: 1px solid var(--line); }
  .forest tr.group { display: block; padding: 12px 0 0; } .forest .group + tr { border-top: 0; padding-top: 4px; } .forest tr.same { border-top: 0; padding-top: 0; }
  .forest td, .forest tbody th, .splits td, .splits tbody th { padding: 0 !important; border: 0; width: auto !important; text-align: left; }
  .forest tbody th { grid-area: name; } .forest .chart { grid-area: chart; } .forest .zeroarm { grid-area: zero; } .forest .onearm { grid-area: one; } .forest .diff { grid-area: diff; text-align: right; } .forest .say { grid-area: say; }
  .arm { display: inline; margin-right: 5px; color: var(--quiet); font-size: .8125rem; } .forest td.num { font-size: .8125rem; white-space: normal; overflow-wrap: anywhere; min-width: 0; }
  .splits tr { display: grid; grid-template-columns: minmax(0, 1fr) auto auto; grid-template-areas: "name units off" "share share share" "chart chart chart"; gap: 2px 14px; padding: 9px 0; border-top: 1px solid var(--line); }
  .splits tbody th { grid-area: name; } .splits .units { grid-area: units; } .splits .off { grid-area: off; } .splits .share { grid-area: share; color: var(--quiet); font-size: .8125rem; } .splits .want { display: none; } .splits .chart { grid-area: chart; } .splits .arm { display: inline; }
}
@media print {
  :root { --paper: #fff; --card: #fff; } .top { border: 0; } main.wrap { padding-top: 10px; padding-bottom: 0; } .panel { break-inside: avoid; } .disclosure > summary .icon { display: none; } details::details-content { content-visibility: visible; display: block; height: auto; } a { text-decoration: none; }
}
`;
