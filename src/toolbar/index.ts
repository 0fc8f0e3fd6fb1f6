/** Entry point `evenhand/toolbar`: the variants that a page used, shown and steered in the page itself. */

export { toolbar } from './toolbar.ts';
export type { ShareOptions, ToolbarOptions } from './options.ts';
