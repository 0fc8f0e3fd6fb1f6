import type { Participant } from '../assignment/participant.ts';
import { NotMountedError, OptionError } from '../errors/usage-errors.ts';
import { scriptJson } from './script-json.ts';

/** A helper as Handlebars calls it: with the template's arguments, then Handlebars' own options. */
export type HandlebarsHelper = (this: unknown, ...args: unknown[]) => unknown;

/** The helpers by name, as `Handlebars.registerHelper()` and express-handlebars take them. */
export type HandlebarsHelpers = Readonly<
  Record<'variant' | 'switchon' | 'switchoff' | 'scriptJson', HandlebarsHelper>
>;

/** The functions of a request, as the middleware puts them on `res.locals`. */
type RequestFunctions = Pick<Participant, 'isVariant' | 'isOn' | 'isOff' | 'variant'>;

/** The part of Handlebars' options that is used here. */
interface HelperOptions {
  /** Absent where the template was compiled with `data: false`. */
  readonly data?: {
    /** The view's locals; each function is looked at before it is called. */
    readonly root?: RequestFunctions;
  };
  /** The block; absent where the helper is used inline. */
  readonly fn?: (context: unknown) => string;
  /** The `{{else}}` block; there whenever `fn` is. */
  readonly inverse?: (context: unknown) => string;
}

/**
 * Helpers for Handlebars. They ask the functions the middleware put on `res.locals`, from anywhere
 * in a view: loops, partials, layouts.
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
 * Inline, `variant` gives the participant's variant, or with variants whether it is one of them;
 * `switchon` and `switchoff` give true or false.
 *
 * @throws while rendering: NotMountedError (`not-mounted`) where the view has no such functions,
 *   OptionError (`option`) for arguments that can't be meant, and what the decision throws
 */
export function handlebarsHelpers(): HandlebarsHelpers {
  return {
    variant(...args) {
      const { name, rest, options } = read('variant', args);
      const variants = rest.flat();
      if (variants.length === 0 && options.fn === undefined) {
        return requestFunction('variant', 'variant', options)(name);
      }
      const isVariant = requestFunction('variant', 'isVariant', options);
      return choose(this, isVariant(name, variantNames(variants)), options);
    },
    switchon(...args) {
      const { name, options } = readSwitch('switchon', args);
      return choose(this, requestFunction('switchon', 'isOn', options)(name), options);
    },
    switchoff(...args) {
      const { name, options } = readSwitch('switchoff', args);
      return choose(this, requestFunction('switchoff', 'isOff', options)(name), options);
    },
    scriptJson(...args) {
      // `{{scriptJson}}` alone has only the options, which must not get into the page.
      const json = scriptJson(args.length > 1 ? args[0] : undefined);
      // Handlebars prints what has a toHTML() unescaped; so its SafeString need not be imported.
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
      `needs the experiment's name as text, not ${kindOf(name)}: {{#${helper} "name" …}}`,
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
    throw fault(helper, `takes the switch's name alone: {{#${helper} ${JSON.stringify(name)}}}`);
  }
  return { name, options };
}

function variantNames(variants: readonly unknown[]): string[] {
  if (variants.length === 0) {
    throw fault('variant', 'needs one variant or more: {{#variant "experiment" "a" "b"}}');
  }
  return variants.map((variant) => {
    if (typeof variant === 'string') return variant;
    throw fault('variant', `needs the variants as text, not ${kindOf(variant)}`);
  });
}

/** The request's function of this name; looked for in the view's root, which loops don't change. */
function requestFunction<Name extends keyof RequestFunctions>(
  helper: string,
  name: Name,
  { data }: HelperOptions,
): RequestFunctions[Name] {
  if (data === undefined) {
    throw fault(helper, 'can\'t see the view\'s data; compile the template without "data: false"');
  }
  const found = data.root?.[name];
  if (typeof found !== 'function') {
    throw new NotMountedError(
      `Handlebars helper "${helper}": the view has no ${name}(); put app.use(evenhand()) before the ` +
        'route and render with res.render(), or pass res.locals to the template',
    );
  }
  return found;
}

/** The block or its `{{else}}`; inline, the answer itself. */
function choose(self: unknown, met: boolean, { fn, inverse }: HelperOptions): unknown {
  return fn === undefined ? met : met ? fn(self) : inverse?.(self);
}

function fault(helper: string, reason: string): OptionError {
  return new OptionError(`Handlebars helper "${helper}" ${reason}`);
}

function kindOf(value: unknown): string {
  return value === null || value === undefined ? String(value) : `a value of type ${typeof value}`;
}
