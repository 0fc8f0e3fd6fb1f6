import { DETAIL_FORMS, DETAIL_PAGES } from './detail/pages.ts';
import type { FormDefinition, PageDefinition } from './frame/page-definition.ts';
import { LIST_FORMS, LIST_PAGES } from './list/pages.ts';
import { TOOLS_PAGES } from './tools/pages.ts';

/** All pages and forms of the dashboard. */
export const PAGES: {
  readonly pages: readonly PageDefinition[];
  readonly forms: readonly FormDefinition[];
} = {
  pages: [...LIST_PAGES, ...DETAIL_PAGES, ...TOOLS_PAGES],
  forms: [...LIST_FORMS, ...DETAIL_FORMS],
};
