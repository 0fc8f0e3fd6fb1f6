/** Blocks of text: notes, verdicts, facts, parts that open, empty states, differences, histories. */
export const BLOCKS = `
.lead { max-width: 44rem; margin-top: 6px; font-size: 1rem; color: var(--quiet); }
.facts { display: flex; flex-wrap: wrap; gap: 4px 22px; margin: 12px 0 18px; color: var(--quiet); } .facts div { display: flex; gap: 5px; } .facts dd { color: var(--ink); font-weight: 500; }
.note { display: flex; gap: 11px; padding: 12px 16px; border: 1px solid var(--line); border-radius: 10px; background: var(--card); color: var(--ink); } .note > .icon { margin-top: 2px; } .note > div { min-width: 0; overflow-wrap: anywhere; } .note .acts { margin-top: 10px; }
.note.bad { background: var(--bad-page); border-color: var(--bad-line); } .note.bad > .icon, .note.bad > div > strong { color: var(--bad); }
.note.warn { background: var(--warn-page); border-color: var(--warn-line); } .note.warn > .icon { color: var(--warn); } .note.good > .icon, .note.good > div > strong { color: var(--good); }
.verdict { display: flex; gap: 8px; align-items: baseline; margin-bottom: 12px; } .verdict .icon { position: relative; top: 3px; } .verdict.quiet strong { color: var(--ink); }
summary { cursor: pointer; } .disclosure > summary { list-style: none; display: inline-flex; align-items: center; gap: 5px; color: var(--quiet); font-size: .8125rem; min-height: 28px; overflow-wrap: anywhere; } .disclosure > summary::-webkit-details-marker { display: none; } .disclosure > summary:hover { color: var(--ink); }
.disclosure > summary .icon { width: 12px; height: 12px; transition: rotate .12s; } .disclosure[open] > summary .icon { rotate: 90deg; } .disclosure > .in { padding: 6px 0 14px 17px; }
.disclosures { margin-top: 12px; } .notes { margin-top: 8px; display: grid; gap: 4px; padding-left: 1.1em; list-style: disc; }
.pairs { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 4px 16px; } .pairs dt { color: var(--quiet); }
.empty { display: grid; justify-items: center; gap: 10px; padding: 48px 24px; text-align: center; } .empty p { max-width: 30rem; color: var(--quiet); } .empty .fit { width: 100%; max-width: 320px; }
.changed { margin-top: 8px; border: 1px solid var(--line); border-radius: 7px; overflow: hidden; background: var(--card); font: .75rem/1.6 var(--mono); font-variant-ligatures: none; } .changed li { display: flex; gap: 8px; padding: 1px 10px; white-space: pre-wrap; } .changed li > :first-child { flex: none; width: 8px; color: var(--quiet); user-select: none; } .changed li > :last-child { min-width: 0; }
.changed .plus { background: var(--add); } .changed .minus { background: var(--del); } .changed mark { background: color-mix(in srgb, var(--good) 26%, transparent); color: inherit; border-radius: 2px; } .changed .minus mark { background: color-mix(in srgb, var(--bad) 24%, transparent); } .note .changed { max-width: 34rem; }
.time > li { position: relative; padding: 0 0 18px 22px; } .time > li::before { content: ""; position: absolute; left: 3px; top: 6px; width: 9px; height: 9px; border: 2px solid var(--edge); border-radius: 50%; background: var(--card); } .time > li:first-child::before { background: var(--ink); border-color: var(--ink); } .time > li::after { content: ""; position: absolute; left: 7px; top: 18px; bottom: -3px; width: 1px; background: var(--line); } .time > li:last-child { padding-bottom: 0; } .time > li:last-child::after { content: none; }
.time .acts { gap: 0 6px; } .changed + p { margin-top: 6px; }
@media (max-width: 760px) { .disclosure > summary { min-height: 36px; } .disclosure > .in { padding-left: 0; } .pairs { grid-template-columns: minmax(0, 1fr); gap: 0; } .pairs dd + dt { margin-top: 8px; } }
`;
