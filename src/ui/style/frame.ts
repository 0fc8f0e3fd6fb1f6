/** The frame of a page: header, columns and panels; and its form on paper. */
export const FRAME = `
.top { background: var(--card); border-bottom: 1px solid var(--line); } .wrap { max-width: 1240px; margin: 0 auto; padding: 0 24px; } main.wrap { padding-top: 30px; padding-bottom: 80px; }
.bar { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 4px 12px; min-height: 54px; }
.brand { display: flex; align-items: center; gap: 9px; font-weight: 640; letter-spacing: -.01em; } .brand svg { width: 22px; height: 22px; }
.stack { display: grid; grid-template-columns: minmax(0, 1fr); gap: 20px; } .cols { display: grid; grid-template-columns: minmax(0, 1fr) 356px; gap: 20px; align-items: start; }
.panel { background: var(--card); border: 1px solid var(--line); border-radius: 10px; } .panel > header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 12px; padding: 15px 20px 0; } .panel > .body { padding: 12px 20px 18px; }
.aud + .aud, .disclosure + .aud { margin-top: 20px; } .aud > p { margin-bottom: 8px; } .block + .block { margin-top: 20px; } .block > h3 { margin-bottom: 6px; }
.lead.after { max-width: none; margin: 0 0 18px; font-size: .875rem; } .beside { display: grid; grid-template-columns: minmax(0, max-content) minmax(18rem, 1fr); gap: 20px 48px; align-items: start; } .fitted { width: auto; }
.in > * + *, .body > * + .grid, .fit + .grid, .body > * + .disclosure { margin-top: 10px; }
@media (max-width: 1020px) { .cols, .beside { grid-template-columns: minmax(0, 1fr); } }
@media (max-width: 760px) { .wrap { padding: 0 16px; } main.wrap { padding-top: 22px; } h1 { font-size: 1.375rem; } .bar { padding-block: 8px; } .panel > header, .panel > .body { padding-left: 16px; padding-right: 16px; } }
@media print { :root { --paper: #fff; --card: #fff; } .top { border: 0; } main.wrap { padding-top: 10px; padding-bottom: 0; } .panel { break-inside: avoid; } .disclosure > summary .icon { display: none; } details::details-content { content-visibility: visible; display: block; height: auto; } a { text-decoration: none; } }
`;
