/** The style of these pages' own parts, in the order of the page. */
export const TOOLS_SHEET = '';
