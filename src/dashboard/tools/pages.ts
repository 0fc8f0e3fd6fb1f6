import type { PageDefinition } from '../frame/page-definition.ts';
import { INDEPENDENCE_PAGE } from './independence-page.ts';
import { NAMESPACES_PAGE } from './namespaces-page.ts';
import { TRY_PAGE } from './try-page.ts';

/** The pages that answer questions and change nothing. */
export const TOOLS_PAGES: readonly PageDefinition[] = [
  TRY_PAGE,
  INDEPENDENCE_PAGE,
  NAMESPACES_PAGE,
];
