import { shadowSheet } from '../../ui/style/sheets.ts';

/**
 * The toolbar's own rules. Those of the host are important, because important rules of a shadow root win over
 * important rules of the page, and `all: initial` keeps the page's inherited values out.
 */
const OWN = `
:host { all: initial !important; display: block !important; position: fixed !important; z-index: 2147483647 !important; inset: auto 16px 16px auto !important; width: auto !important; max-width: calc(100vw - 32px) !important; direction: ltr !important; unicode-bidi: isolate !important; pointer-events: none !important; color-scheme: light dark !important; }
:host([data-at="bottom-left"]) { inset: auto auto 16px 16px !important; } :host([data-at="top-right"]) { inset: 16px 16px auto auto !important; } :host([data-at="top-left"]) { inset: 16px auto auto 16px !important; }
.tool { color: var(--ink); font: .8125rem/1.4 var(--sans); text-align: left; } .tool[hidden] { display: block; } .tool.gone, .scripted { display: none; } .tool.live .scripted { display: inline-flex; }
.tool button { font-family: inherit; } summary { list-style: none; } summary::-webkit-details-marker { display: none; }
.root { display: flex; flex-direction: column; align-items: flex-end; } :host([data-at$="left"]) .root { align-items: flex-start; }
.root > * { pointer-events: auto; } .root > summary { width: max-content; border-radius: 99px; } .shut { display: inline-flex; align-items: center; gap: 8px; height: 36px; padding: 0 14px 0 12px; border-radius: 99px; background: #16191c; color: #f4f5f5; font-weight: 550; box-shadow: var(--shade), 0 0 0 1px rgb(255 255 255/.16); white-space: nowrap; } .root > summary:hover .shut { background: #2a2f34; } .mark { width: 18px; height: 18px; }
.forced, .failed { padding: 1px 7px; margin-right: -4px; border-radius: 99px; background: #f0c04a; color: #16191c; font-size: .75rem; } .failed { background: #ff8f84; }
.more { color: #b3babf; font-weight: 400; } .more:empty { display: none; } .root > summary:focus-visible { outline-offset: 3px; outline-color: var(--ink); box-shadow: 0 0 0 3px var(--card); } .root:not([open]) .shown, .root[open] .shut { display: none; }
.root[open] > summary { position: absolute; right: 10px; top: 10px; z-index: 2; display: grid; place-items: center; width: 32px; height: 32px; border-radius: 7px; color: var(--quiet); box-shadow: none; } .root[open] > summary:hover { background: var(--sunk); color: var(--ink); }
.panel { position: relative; width: 432px; max-width: calc(100vw - 32px); max-height: min(78vh, 720px); display: flex; flex-direction: column; background: var(--card); border: 1px solid var(--line); border-radius: 14px; box-shadow: var(--shade); overflow: hidden; }
.head { flex: none; padding: 13px 52px 12px 16px; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; } .brand { display: flex; align-items: center; gap: 8px; font-size: .875rem; font-weight: 640; letter-spacing: -.01em; } .stale { flex: none; padding: 10px 12px; border-bottom: 1px solid var(--line); } .stale .note { padding: 9px 12px; }
.scroll { flex: 1 1 auto; min-height: 0; overflow-y: auto; overscroll-behavior: contain; } .title { padding: 12px 16px 4px; color: var(--quiet); font-size: .75rem; font-weight: 400; letter-spacing: 0; } * + .title, .requests { border-top: 1px solid var(--line); } .none { padding: 4px 16px 14px; }
.row { border-top: 1px solid var(--line); } .title + .row, .title + .later { border-top: 0; } p.later { padding: 9px 16px; border-top: 1px solid var(--line); } .later .name { color: var(--ink); } .later > summary .tiny { margin-left: auto; white-space: nowrap; } .row > summary, .row.flat { display: grid; grid-template-columns: minmax(0, 1fr) auto 12px; gap: 1px 10px; align-items: baseline; padding: 9px 16px; } .row > summary:hover, .row[open] > summary { background: var(--sunk); } .name { font-weight: 600; overflow-wrap: anywhere; } .row > summary > .key { max-width: 12rem; overflow-wrap: anywhere; } .row .why { grid-column: 1/3; overflow-wrap: anywhere; }
.row > summary > .icon { grid-area: 1/3/3/4; align-self: center; width: 12px; height: 12px; color: var(--quiet); transition: rotate .12s; } [open] > summary > .icon { rotate: 90deg; } .tool :is(.row, .section) > summary:focus-visible { outline-offset: -2px; }
.row .why.warn { font-weight: 550; } .in { display: grid; gap: 10px; padding: 8px 16px 14px; } .row > .in > form { margin-bottom: 2px; }
.pick { display: flex; flex-wrap: wrap; gap: 6px; align-items: center; } .tool .button { min-height: 30px; padding: 0 11px; font-weight: 400; font-size: .8125rem; } .tool .button.bare { padding: 0 8px; } .row .button { scroll-margin: 90px 0 200px; } .pick .button svg:not(.icon) { width: 9px; height: 9px; } .pick .button .icon { width: 12px; height: 12px; } .pick .button { max-width: 100%; white-space: normal; overflow-wrap: anywhere; line-height: 1.2; }
.tool .button[aria-pressed="true"] { border-width: 2px; padding: 0 10px; border-color: var(--ink); font-weight: 600; } .pick select { min-height: 30px; max-width: 100%; font-size: .8125rem; }
.steps, .says, .values { display: grid; gap: 8px; } .steps li:has(.icon), .says li { display: grid; grid-template-columns: 14px minmax(0, 1fr); gap: 8px; } .steps .icon, .says .icon { width: 14px; height: 14px; margin-top: 2px; } .steps .vals { display: block; } .unmet code { color: var(--quiet); } .says { gap: 5px; } .says .icon { margin-top: 1px; }
.fit { margin-top: -2px; } .values { gap: 6px; } .values li { display: flex; flex-wrap: wrap; gap: 2px 12px; justify-content: space-between; align-items: baseline; } .values li > * { min-width: 0; overflow-wrap: anywhere; } .idle { padding: 4px 16px 12px; } .tag { vertical-align: 0; }
.section { border-top: 1px solid var(--line); } .section > summary { display: flex; align-items: center; gap: 6px; padding: 11px 16px; color: var(--quiet); } .section > summary:hover { color: var(--ink); } .section > summary > .icon { width: 12px; height: 12px; transition: rotate .12s; } .section .row > summary { padding-left: 34px; } .section .row > .in { padding-left: 34px; } .section > .in { padding: 2px 16px 14px 34px; } .row.flat { padding-left: 34px; } .rest { padding: 8px 16px 12px 34px; border-top: 1px solid var(--line); } .in > .rest { padding: 0; border: 0; }
.copied { color: var(--quiet); font-size: .75rem; } .copied code, .tiny code { font-size: .75rem; } .tool .input { width: 100%; min-height: 32px; font: .75rem/1.5 var(--mono); } textarea.input { resize: vertical; padding-block: 6px; } .in > .button { justify-self: start; }
.share { flex: none; padding: 12px 16px; border-top: 1px solid var(--line); } .share .line { display: flex; gap: 8px; margin: 6px 0; } .share .input { flex: 1; min-width: 0; }
.foot { flex: none; display: flex; flex-wrap: wrap; gap: 8px; align-items: center; padding: 10px 16px; border-top: 1px solid var(--line); background: var(--paper); } .foot form { display: contents; } .foot .button { min-height: 32px; font-weight: 550; padding: 0 13px; }
@media (max-width: 520px) {
  :host([data-at]) { inset: auto 8px 8px 8px !important; max-width: none !important; } :host([data-at^="top"]) { inset: 8px 8px auto 8px !important; } :host([data-at]) .root[open] { align-items: stretch; } .panel { width: auto; max-width: none; max-height: 72vh; } .root[open] > summary { width: 40px; height: 40px; right: 6px; top: 6px; }
  .foot { gap: 4px; padding-inline: 12px; } .tool .foot .button { padding: 0 10px; } .tool .foot .button.bare { padding: 0 6px; }
  .tool .button { min-height: 40px; } .row > summary { padding-block: 12px; } .section > summary { padding-block: 13px; } .pick select { min-height: 40px; } .tool .input { font-size: 1rem; }
}
@media print { :host { display: none !important; } }
`;

const REM_PX = 16;

let sheet: string | undefined;

/** Returns the style sheet of the toolbar's shadow root. */
export function toolbarSheet(): string {
  return (sheet ??= compact(shadowSheet(OWN)));
}

/**
 * Removes spaces, and turns rem into pixels: rem depends on the page's root element, whose font size can be
 * anything.
 */
function compact(css: string): string {
  return css
    .replaceAll(/(\d*\.?\d+)rem\b/g, (_, rem: string) => `${Number(rem) * REM_PX}px`)
    .replaceAll(/\s*\n\s*/g, '')
    .replaceAll(/\s*([{};])\s*/g, '$1')
    .replaceAll(/([:,]) /g, '$1')
    .replaceAll(';}', '}');
}
