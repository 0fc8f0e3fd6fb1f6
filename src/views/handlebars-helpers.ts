import type { Participant } from '../assignment/participant.ts';
import { NotMountedError, OptionError } from '../errors/usage-errors.ts';
import { scriptJson } from './script-json.ts';

/** A Handlebars helper. Handlebars passes the template's arguments and its own options. */
export type HandlebarsHelper = (this: unknown, ...args: unknown[]) => unknown;

/** The helpers by name, for `Handlebars.registerHelper()` and express-handlebars. */
export type HandlebarsHelpers = Readonly<
  Record<'variant' | 'switchon' | 'switchoff' | 'scriptJson', HandlebarsHelper>
>;

/** The request functions that the middleware sets on `res.locals`. */
type RequestFunctions = Pick<Participant, 'isVariant' | 'isOn' | 'isOff' | 'variant'>;

/** The options that Handlebars passes to a helper, as far as they are used here. */
interface HelperOptions {
  /** Absent if the template was compiled with `data: false`. */
  readonly data?: {
    /** The view's locals, unchecked. */
    readonly root?: RequestFunctions & { readonly evenhand?: RequestFunctions };
  };
  /** Renders the block; absent if the helper is used inline. */
  readonly fn?: (context: unknown) => string;
  /** Renders the `{{else}}` block; present whenever `fn` is. */
  readonly inverse?: (context: unknown) => string;
}

/**
 * Returns helpers for Handlebars. They call the functions that the middleware sets on `res.locals` and
 * work anywhere in a view: in loops, partials and layouts.
 *
 * ```ts
 * app.engine('hbs', engine({ extname: 'hbs', helpers: handlebarsHelpers() })); // express-handlebars
 * Handlebars.registerHelper(handlebarsHelpers());
 * ```
 * ```handlebars
 * {{#variant "button_test" "bold" "round"}}…{{else}}…{{/variant}}
 * {{#switchon "banner"}}…{{else}}…{{/switchon}}  {{#switchoff "banner"}}…{{/switchoff}}
 * {{variant "button_test"}}  {{#if (variant "button_test" "bold")}}…{{/if}}
 * <script>const variants = {{scriptJson variants}};</script>
 * ```
 *
 * Inline, `variant` returns the participant's variant; with variants as further arguments, it returns
 * true if the participant has one of them. `switchon` and `switchoff` return true or false. As in
 * Cravensworth, `switchoff` means "not on": it also holds for an unknown switch, for which
 * `res.locals.isOff()` is false.
 *
 * @throws while rendering: NotMountedError (`not-mounted`) if the view has no request functions,
 *   OptionError (`option`) for invalid arguments, and every error of the decision
 */
export function handlebarsHelpers(): HandlebarsHelpers {
  return {
    variant(...args) {
      const { name, rest, options } = read('variant', args);
      if (rest.length === 0 && options.fn === undefined) {
        return requestFunction('variant', 'variant', options)(name);
      }
      const isVariant = requestFunction('variant', 'isVariant', options);
      return choose(this, isVariant(name, variantNames(rest)), options);
    },
    switchon(...args) {
      const { name, options } = readSwitch('switchon', args);
      return choose(this, requestFunction('switchon', 'isOn', options)(name), options);
    },
    switchoff(...args) {
      const { name, options } = readSwitch('switchoff', args);
      return choose(this, !requestFunction('switchoff', 'isOn', options)(name), options);
    },
    scriptJson(...args) {
      // `{{scriptJson}}` without a value gets only the options, which must not get into the page.
      const json = scriptJson(args.length > 1 ? args[0] : undefined);
      // Handlebars prints an object with toHTML() unescaped, so this needs no import of SafeString.
      return { toHTML: () => json };
    },
  };
}

function read(
  helper: string,
  args: readonly unknown[],
): { name: string; rest: readonly unknown[]; options: HelperOptions } {
  const options = args.at(-1);
  if (typeof options !== 'object' || options === null) {
    throw fault(helper, 'was not called by Handlebars; register it with registerHelper()');
  }
  const [name, ...rest] = args.slice(0, -1);
  if (typeof name !== 'string') {
    throw fault(
      helper,
      `needs the experiment's name as a string, not ${kindOf(name)}: {{#${helper} "name" …}}`,
    );
  }
  return { name, rest, options };
}

function readSwitch(
  helper: string,
  args: readonly unknown[],
): { name: string; options: HelperOptions } {
  const { name, rest, options } = read(helper, args);
  if (rest.length > 0) {
    throw fault(helper, `takes only the switch's name: {{#${helper} ${JSON.stringify(name)}}}`);
  }
  return { name, options };
}

/** Returns the variants of a helper's arguments, each of which may be a list, also an empty one. */
function variantNames(args: readonly unknown[]): string[] {
  if (args.length === 0) {
    throw fault('variant', 'needs at least one variant: {{#variant "experiment" "a" "b"}}');
  }
  return args.flat().map((variant) => {
    if (typeof variant === 'string') return variant;
    throw fault('variant', `needs the variants as strings, not ${kindOf(variant)}`);
  });
}

/**
 * Returns a request function from the root of the view's data, which is the same inside loops. The
 * object with all functions comes first: the application may use their names for something else.
 */
function requestFunction<Name extends keyof RequestFunctions>(
  helper: string,
  name: Name,
  { data }: HelperOptions,
): RequestFunctions[Name] {
  if (data === undefined) {
    throw fault(helper, 'can\'t see the view\'s data; compile the template without "data: false"');
  }
  const found = data.root?.evenhand?.[name] ?? data.root?.[name];
  if (typeof found !== 'function') {
    throw new NotMountedError(
      `Handlebars helper "${helper}": the view has no ${name}(); put app.use(evenhand()) before the ` +
        'route and render with res.render(), or pass res.locals to the template',
    );
  }
  return found;
}

/** Renders the block or its `{{else}}`. Inline, returns the answer. */
function choose(self: unknown, met: boolean, { fn, inverse }: HelperOptions): unknown {
  return fn === undefined ? met : met ? fn(self) : inverse?.(self);
}

function fault(helper: string, reason: string): OptionError {
  return new OptionError(`Handlebars helper "${helper}" ${reason}`);
}

function kindOf(value: unknown): string {
  return value === null || value === undefined ? String(value) : `a value of type ${typeof value}`;
}
