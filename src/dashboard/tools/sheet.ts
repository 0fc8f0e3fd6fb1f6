/** The style of these pages' own parts, in the order of the page. */
export const TOOLS_SHEET = `
.path .icon { width: 13px; height: 13px; vertical-align: -2px; } .path code, textarea.code { overflow-wrap: anywhere; } textarea.code { font: .8125rem/1.5 var(--mono); }
.map { margin: 12px 0; } .segment-map { width: 100%; max-width: 600px; height: auto; shape-rendering: crispEdges; } .segment-map .free { fill: var(--sunk); }
`;
