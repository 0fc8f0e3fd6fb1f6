/** Tables; on phones, those with charts become blocks. */
export const TABLES = `
table { width: 100%; border-collapse: collapse; } th, td { padding: 0; text-align: left; vertical-align: top; font-weight: 400; overflow-wrap: anywhere; } th.num { text-align: right; }
.grid td, .grid th { padding: 7px 14px 7px 0; border-top: 1px solid var(--line); vertical-align: middle; } .grid thead th { border: 0; padding-top: 0; color: var(--quiet); font-size: .75rem; vertical-align: bottom; } .grid td:last-child, .grid th:last-child { padding-right: 0; } .grid .chart { width: 36%; }
.grid th.num, .grid td.num { white-space: nowrap; overflow-wrap: normal; } .grid .name { width: 33%; font-weight: 550; vertical-align: top; } .scroll-x { overflow-x: auto; }
.forest td, .forest th { padding-block: 10px; } .forest thead th { padding-bottom: 10px; } .forest tbody th { width: 21%; font-weight: 550; } .forest tbody th .tiny, .forest tbody th .key { font-weight: 400; }
.forest .group th { padding: 12px 0 4px; width: auto; color: var(--quiet); font-size: .75rem; font-weight: 400; } .forest .group + tr th, .forest .group + tr td { border-top: 0; padding-top: 2px; }
.forest .same th, .forest .same td { border-top: 0; padding-top: 0; } .forest .say { width: 8.5rem; font-size: .8125rem; } .forest .diff { white-space: nowrap; overflow-wrap: normal; } .arm { display: none; } .says { display: inline-flex; gap: 5px; } .says .icon { width: 14px; height: 14px; margin-top: 2px; }
@media (max-width: 760px) {
  .grid .name { width: 44%; }
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
`;
