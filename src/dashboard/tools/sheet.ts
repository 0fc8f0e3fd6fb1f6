/** The style of these pages' own parts, in the order of the page. */
export const TOOLS_SHEET = `
ol.path { margin-top: 18px; } .path .icon { display: inline; width: 13px; height: 13px; vertical-align: -2px; } .path code, textarea.code { overflow-wrap: anywhere; } textarea.code { font: .8125rem/1.5 var(--mono); }
table.tried th:first-child, table.tried td:first-child { min-width: 8.5rem; } .panel .alloc { margin-top: 8px; }
.map { margin: 12px 0; } .segment-map { width: 100%; max-width: 600px; height: auto; shape-rendering: crispEdges; } .segment-map .free { fill: var(--sunk); }
`;
