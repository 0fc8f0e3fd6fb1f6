/** Entry point `evenhand/views`: what template engines need beyond `res.locals`. */

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
