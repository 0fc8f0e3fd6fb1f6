import type { FormDefinition, PageDefinition } from '../frame/page-definition.ts';
import { EXPERIMENTS_PAGE } from './experiments-page.ts';
import { SWITCH_FORM, SWITCH_PAGE } from './switch-form.ts';
import { SWITCHES_PAGE } from './switches-page.ts';

/** The pages that list experiments and switches. */
export const LIST_PAGES: readonly PageDefinition[] = [EXPERIMENTS_PAGE, SWITCHES_PAGE, SWITCH_PAGE];

/** The forms of these pages. */
export const LIST_FORMS: readonly FormDefinition[] = [SWITCH_FORM];
