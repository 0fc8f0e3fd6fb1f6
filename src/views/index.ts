/** Entry point `evenhand/views`: helpers for template engines, in addition to `res.locals`. */

// Handlebars and express-handlebars
export {
  handlebarsHelpers,
  type HandlebarsHelper,
  type HandlebarsHelpers,
} from './handlebars-helpers.ts';

// Nunjucks
export { nunjucksExtension, type NunjucksExtension } from './nunjucks-extension.ts';

// Any engine
export { scriptJson } from './script-json.ts';
