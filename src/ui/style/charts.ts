/** Charts: the colours of variants, and the parts of each chart. */
export const CHARTS = `
.v0 { fill: var(--v0); } .v1 { fill: var(--v1); } .v2 { fill: var(--v2); } .v3 { fill: var(--v3); } .v4 { fill: var(--v4); } .v5 { fill: var(--v5); } .vp { fill: var(--parked); } .vg { fill: var(--good); } .vbad { fill: var(--bad); } .vink { fill: var(--ink); }
.s0 { stroke: var(--v0); } .s1 { stroke: var(--v1); } .s2 { stroke: var(--v2); } .s3 { stroke: var(--v3); } .s4 { stroke: var(--v4); } .s5 { stroke: var(--v5); } .sp { stroke: var(--parked); } .sg { stroke: var(--good); } .sbad { stroke: var(--bad); } .sink { stroke: var(--ink); }
.key { display: inline-flex; align-items: baseline; gap: 6px; min-width: 0; } .key svg { width: 9px; height: 9px; flex: none; } .keys, .legend { display: flex; flex-wrap: wrap; gap: 2px 12px; font-size: .8125rem; } .legend { margin-top: 6px; color: var(--quiet); } .legend b { color: var(--ink); }
.axis { stroke: var(--line); stroke-width: 1; } .zero { stroke: var(--ink); stroke-width: 1; } .limit { stroke: var(--edge); stroke-dasharray: 3 3; }
.ci { stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; fill: none; } .line { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; } .band { opacity: .14; stroke: none; }
.interval, .lines, .strip { overflow: visible; } .lines .zero { stroke: var(--edge); } .t { fill: var(--quiet); font: .75rem var(--sans); font-variant-numeric: tabular-nums; } .t.ink { fill: var(--ink); } .t.strong { font-weight: 600; }
.alloc { width: 100%; } .gap, .cut { stroke: var(--card); stroke-width: 1; pointer-events: none; } .cut { stroke-width: 2; } .moved { stroke: var(--ink); stroke-width: 2; } .moved.bad { stroke: var(--bad); }
.cell { fill: var(--sunk); } .heat { fill: var(--v2); } .framed { fill: none; stroke: var(--bad); stroke-width: 2; } @media (prefers-color-scheme: dark) { .heat { opacity: .6; } }
.fit { container-type: inline-size; } .fit .keys { display: none; margin-bottom: 6px; } @container (max-width: 620px) { .endlabel { display: none; } .fit .keys { display: flex; } } @container (max-width: 460px) { .fine { display: none; } }
`;
