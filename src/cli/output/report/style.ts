/** The page's style: no network, no script, light and dark. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #fbfbf9; --card: #ffffff; --ink: #1d2226; --quiet: #5c666d; --line: #dfe3e6;
  --bar: #3b76b5; --track: #e9eef2; --mark: #1d2226; --heat: #c2410c;
  --bad: #b42318; --bad-page: #fdecea; --warn: #8a5a00; --warn-page: #fff6e0; --good: #18723a;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14181b; --card: #1c2226; --ink: #e7ebee; --quiet: #9ba7af; --line: #333c43;
    --bar: #6ea8e0; --track: #29323a; --mark: #f2f5f7; --heat: #fb923c;
    --bad: #ff8a80; --bad-page: #3a1d1b; --warn: #f2c04d; --warn-page: #332a12; --good: #74d194;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 68rem;
  background: var(--page); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif;
}
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .75rem; }
h3 { font-size: 1.05rem; margin: 0; overflow-wrap: anywhere; }
p { margin: .35rem 0; overflow-wrap: anywhere; }
code, pre { font: .9em/1.45 ui-monospace, monospace; overflow-wrap: anywhere; white-space: pre-wrap; }
pre { margin: .35rem 0; }
.quiet { color: var(--quiet); }
.bad { color: var(--bad); } .good { color: var(--good); } .warn { color: var(--warn); }
.tiles { display: flex; flex-wrap: wrap; gap: .75rem; margin: 1.25rem 0; padding: 0; list-style: none; }
.tiles li {
  flex: 1 1 9rem; padding: .75rem 1rem; background: var(--card);
  border: 1px solid var(--line); border-radius: .5rem;
}
.tiles strong { display: block; font-size: 1.45rem; line-height: 1.2; }
.card {
  margin: 0 0 1rem; padding: 1rem 1.25rem; background: var(--card);
  border: 1px solid var(--line); border-radius: .5rem; overflow-x: auto;
}
.card.fault { border-color: var(--bad); border-left-width: .35rem; }
.notice { margin: .75rem 0; padding: .6rem 1rem; border-radius: .5rem; background: var(--warn-page); }
.notice.fault { background: var(--bad-page); }
table { border-collapse: collapse; margin: .5rem 0; font-variant-numeric: tabular-nums; }
.shares { width: 100%; min-width: 40rem; table-layout: fixed; }
caption { text-align: left; padding: .35rem 0; overflow-wrap: anywhere; }
th, td { padding: .3rem .6rem; text-align: left; vertical-align: middle; overflow-wrap: anywhere; }
th { font-weight: 600; } thead th { color: var(--quiet); font-weight: 400; font-size: .875rem; }
tbody tr { border-top: 1px solid var(--line); }
.number { text-align: right; }
.chart { width: 34%; } .points { width: 20%; } .narrow { width: 6.5rem; }
svg { display: block; max-width: 100%; height: auto; }
.row { width: 100%; height: 1.25rem; }
.track { fill: var(--track); } .bar { fill: var(--bar); }
.tick { stroke: var(--mark); stroke-width: 2; } .axis { stroke: var(--line); stroke-width: 1; }
.interval { stroke: var(--bar); stroke-width: 3; stroke-linecap: round; } .point { fill: var(--bar); }
.unfair .bar, .unfair .point { fill: var(--bad); } .unfair .interval { stroke: var(--bad); }
.cell { fill: var(--heat); } .empty { fill: var(--track); }
.dependent { stroke: var(--bad); stroke-width: 2.5; }
svg text { fill: var(--ink); font: 12px system-ui, sans-serif; } svg .untested { fill: var(--quiet); }
summary { cursor: pointer; padding: .25rem 0; }
@media (max-width: 56rem) {
  body { padding: 1.25rem .75rem 3rem; }
  .card { padding: .75rem; }
  .shares { display: block; min-width: 0; }
  .shares caption, .shares thead, .shares tbody { display: block; }
  .shares tr { display: grid; grid-template-columns: minmax(0, 1fr) repeat(3, max-content); column-gap: .75rem; }
  .shares th, .shares td { padding: .15rem 0; width: auto; }
  .shares tr > :nth-child(n + 5) { grid-column: 1 / -1; }
  .shares tbody tr { padding: .35rem 0; }
}
`;
