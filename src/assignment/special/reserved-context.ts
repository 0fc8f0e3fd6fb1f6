import { type ConsentingContext, WITHHOLDS_KEY, withholdsKey } from '../identity.ts';
import {
  KNOWN_VALUES,
  type KnownValue,
  knownValues,
  type KnownValueSource,
  listsKnownValues,
  NOT_READ,
} from '../../rules/known-values.ts';
import {
  ATTRIBUTES,
  attributeOf,
  type AttributeSource,
  MISSING,
} from '../../rules/values/attributes.ts';

/** Computes the value of a reserved name. */
export type ReservedValue = () => unknown;

/**
 * A participant's context with the values of reserved names, which are computed when a rule first reads
 * them. Everything that the context has itself wins, and everything else is the context's answer.
 */
export class ReservedContext implements AttributeSource, KnownValueSource, ConsentingContext {
  // Private, so that no rule can read them as attributes.
  readonly #context: object;
  readonly #reserved: ReadonlyMap<string, ReservedValue>;
  readonly #computed = new Map<string, unknown>();

  constructor(context: object, reserved: ReadonlyMap<string, ReservedValue>) {
    this.#context = context;
    this.#reserved = reserved;
  }

  [ATTRIBUTES](name: string): unknown {
    const own = attributeOf(this.#context, name);
    const compute = this.#reserved.get(name);
    if (own !== MISSING || compute === undefined) return own;
    if (!this.#computed.has(name)) this.#computed.set(name, compute());
    return this.#computed.get(name);
  }

  *[KNOWN_VALUES](): Iterable<KnownValue> {
    const names = new Set<string>();
    for (const known of knownValues(this.#context)) {
      names.add(known[0]);
      yield known;
    }
    for (const name of this.#reserved.keys()) if (!names.has(name)) yield [name, NOT_READ];
  }

  [WITHHOLDS_KEY](): boolean {
    return withholdsKey(this.#context);
  }
}

listsKnownValues(ReservedContext.prototype);
