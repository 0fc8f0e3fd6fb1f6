/** Entry point `evenhand/toolbar`: a panel in the page that shows which variants the page used, and forces others. */

export { toolbar } from './toolbar.ts';
export type { ShareOptions, ToolbarOptions } from './options.ts';
