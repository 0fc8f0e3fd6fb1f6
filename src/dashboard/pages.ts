import type { FormDefinition, PageDefinition } from './frame/page-definition.ts';
import { TOOLS_PAGES } from './tools/pages.ts';

/** All pages and forms of the dashboard. */
export const PAGES: {
  readonly pages: readonly PageDefinition[];
  readonly forms: readonly FormDefinition[];
} = {
  pages: [...TOOLS_PAGES],
  forms: [],
};
