/** The style of the frame around all pages: header, tabs, heading. */
export const FRAME_SHEET = `
.skip { position: absolute; left: -100vw; } .skip:focus { left: 16px; top: 8px; z-index: 9; padding: 8px 12px; background: var(--card); border-radius: 6px; } main:focus { outline: 0; }
.top .bar { gap: 8px 12px; } .brand { text-decoration: none; } .app { display: inline-flex; align-items: center; gap: 12px; min-width: 0; overflow-wrap: anywhere; } .slash { color: var(--edge); } .bar .who { overflow-wrap: anywhere; }
.live { display: inline-flex; align-items: center; gap: 7px; color: var(--quiet); font-size: .8125rem; } .live::before { content: ""; flex: none; width: 7px; height: 7px; border-radius: 50%; background: var(--good); } .live.stale { color: var(--warn); } .live.stale::before { background: none; border: 2px solid var(--warn); }
.seek { width: 300px; } @media (scripting: enabled) { .seek .search::after { content: "/"; position: absolute; right: 8px; top: 50%; translate: 0 -50%; padding: 0 6px; border: 1px solid var(--line); border-radius: 4px; background: var(--sunk); color: var(--quiet); font: .6875rem/1.5 var(--mono); } .seek :focus-within::after { visibility: hidden; } }
.tabs { display: flex; gap: 4px; margin: 0 -10px; overflow-x: auto; scrollbar-width: none; } .tabs a { position: relative; display: flex; gap: 6px; padding: 8px 10px 11px; color: var(--quiet); text-decoration: none; white-space: nowrap; } .tabs a:hover { color: var(--ink); } .tabs a:focus-visible { outline-offset: -2px; } .tabs a[aria-current] { color: var(--ink); font-weight: 600; } .tabs a[aria-current]::after { content: ""; position: absolute; left: 10px; right: 10px; bottom: 0; height: 2px; background: currentColor; } .tabs .n { color: var(--quiet); font-weight: 400; font-variant-numeric: tabular-nums; }
.crumbs { display: flex; flex-wrap: wrap; gap: 4px 7px; margin-bottom: 10px; color: var(--quiet); font-size: .8125rem; } .crumbs li::after { content: "/"; margin-left: 7px; color: var(--edge); }
.head { display: flex; flex-wrap: wrap; align-items: flex-end; justify-content: space-between; gap: 12px 24px; margin-bottom: 18px; } .head > div { min-width: 0; } .told { margin-bottom: 18px; }
@media (max-width: 760px) { .top .live.stale { order: 1; flex-basis: 100%; } .seek, .top .live:not(.stale), .slash { display: none; } .tabs { margin: 0 -16px; padding: 0 6px; } }
@media (scripting: none) { [data-copy] { display: none; } }
@media print { .seek, .tabs, .skip { display: none; } }
`;
