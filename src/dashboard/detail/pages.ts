import type { FormDefinition, PageDefinition } from '../frame/page-definition.ts';
import { EXPERIMENT_PAGE } from './experiment-page.ts';
import { RAMP_FORM, RAMP_PAGE } from './ramp-page.ts';

/** The pages of one experiment. */
export const DETAIL_PAGES: readonly PageDefinition[] = [EXPERIMENT_PAGE, RAMP_PAGE];

/** The forms of these pages. */
export const DETAIL_FORMS: readonly FormDefinition[] = [RAMP_FORM];
