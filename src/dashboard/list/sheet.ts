/** The style of these pages' own parts, in the order of the page. */
export const LIST_SHEET = `
.filters { display: flex; flex-wrap: wrap; justify-content: space-between; gap: 10px 16px; margin-bottom: 14px; } .name { font-weight: 600; overflow-wrap: anywhere; }
.grid.list td { vertical-align: top; padding: 14px 14px 14px 20px; } .grid.list th { padding: 12px 14px 10px 20px; } @media (min-width: 761px) { .list td:first-child { width: 34%; } .list td:last-child { width: 20%; } }
.pager { display: flex; justify-content: space-between; align-items: center; gap: 12px; padding: 12px 20px; border-top: 1px solid var(--line); }
.switches > li { display: flex; justify-content: space-between; align-items: center; gap: 16px; padding: 12px 20px; border-top: 1px solid var(--line); } .switches > li:first-child { border-top: 0; } .switches > li > div { min-width: 0; } .switches .switch-line > span { white-space: nowrap; } .owner { display: flex; justify-content: space-between; margin: 22px 4px 8px; color: var(--quiet); font-size: .8125rem; }
.confirm { max-width: 34rem; }
@media (max-width: 760px) { .list thead { display: none; } .list, .list tbody, .list tr, .list td { display: block; width: auto; } .grid.list td { border: 0; padding: 4px 16px; } .list tr { padding: 12px 0; border-top: 1px solid var(--line); } .switches > li { padding-inline: 16px; } }
`;
