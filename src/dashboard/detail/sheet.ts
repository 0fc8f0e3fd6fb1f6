/** The style of these pages' own parts, in the order of the page. */
export const DETAIL_SHEET = `
.ramp { display: flex; flex-wrap: wrap; align-items: flex-end; gap: 12px 16px; } .ramp .field { flex: 1 1 12rem; margin: 0; min-width: 0; }
.when { display: grid; grid-template-columns: 3rem minmax(0, 1fr); gap: 8px; align-items: start; margin-bottom: 8px; } .sentences { display: grid; gap: 6px; margin: 14px 0; } .sentences li { display: grid; grid-template-columns: 16px minmax(0, 1fr); gap: 8px; } .sentences .icon { width: 14px; height: 14px; margin-top: 3px; } .sentences .good { color: var(--good); } .sentences .bad { color: var(--bad); } .sentences .info { color: var(--quiet); }
.tick { display: flex; gap: 8px; align-items: center; margin-top: 14px; } form > .acts { margin-top: 14px; }
`;
