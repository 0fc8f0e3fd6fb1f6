import type { JsonValue } from '../json/value.ts';

/**
 * The experiments of the application, for the compiler only. It is empty until the declaration file
 * from `npx evenhand types` adds each experiment with its variants and values. From then on, other
 * names are compile errors.
 */
export interface Experiments {}

/** The names in the registry. */
type Registered = keyof Experiments;

/** Selects the second type while the registry is empty. */
type OrUnless<Typed, Untyped> = [Registered] extends [never] ? Untyped : Typed;

/** The name of an experiment or switch; any string while the registry is empty. */
export type ExperimentName = OrUnless<Registered, string>;

/** The names of the variants of an experiment; any string while the registry is empty. */
export type VariantOf<Name extends string> = Name extends Registered
  ? Experiments[Name] extends { variant: infer Variant extends string }
    ? Variant
    : string
  : string;

/** The `value` of an experiment's variants; any JSON while the registry is empty. */
export type ValueOf<Name extends string> = Name extends Registered
  ? Experiments[Name] extends { value: infer Value }
    ? Value
    : JsonValue | undefined
  : JsonValue | undefined;

/**
 * One variant of an experiment, or several. A function that takes it has an overload for a list of
 * {@link VariantOf} first: with this type, the compiler searches the variants of the whole registry for
 * each item of a list, which takes milliseconds a call.
 */
export type VariantsOf<Name extends string> = VariantOf<Name> | readonly VariantOf<Name>[];

/**
 * The name of an experiment with the variant `on` or `off`; any string while the registry is empty.
 */
export type SwitchName = OrUnless<
  {
    [Name in Registered]: Extract<VariantOf<Name>, 'on' | 'off'> extends never ? never : Name;
  }[Registered],
  string
>;

/** A variant for some experiments, by name. */
export type VariantsByName = OrUnless<
  { readonly [Name in Registered]?: VariantOf<Name> },
  Readonly<Record<string, string>>
>;

/** The variants of all experiments, by name; those that could not be decided are absent. */
export type AllVariants = OrUnless<
  { [Name in Registered]?: VariantOf<Name> },
  Record<string, string>
>;

/**
 * The namespaces of the application with the types of their parameters, for the compiler only. Like
 * {@link Experiments}, it is empty until the declaration file adds them.
 */
export interface Namespaces {}

/** The name of a namespace; any string while the registry is empty. */
export type NamespaceName = [keyof Namespaces] extends [never] ? string : keyof Namespaces;

/** The parameters of a namespace with their types; unknown while the registry is empty. */
export type ParamsOf<Name extends string> = Name extends keyof Namespaces
  ? Namespaces[Name] extends infer Params extends object
    ? Params
    : never
  : Record<string, unknown>;
