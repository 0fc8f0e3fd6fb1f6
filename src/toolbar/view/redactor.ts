import { identityText } from '../../hash/text.ts';
import { parseAndCheck } from '../../rules/compile/compile.ts';
import type { RuleNode } from '../../rules/syntax/nodes.ts';
import { type Shown, show } from '../../rules/values/show.ts';
import { nodeCrypto } from '../../runtime/node-crypto.ts';
import { isThenable, watchRejection } from '../../runtime/thenable.ts';
import { ANONYMOUS_IDENTITY } from '../../specification/reserved-identities.ts';
import type { ToolbarOptions } from '../options.ts';
import { cut, MAX_TEXT } from './texts.ts';

/** Stands for a value that the application hides. */
export const HIDDEN = 'hidden';

/** The characters of a tracking key that tell it apart. */
const KEY_CHARACTERS = 8;

/** The most characters of a value as JSON. */
const MAX_JSON = 2 * MAX_TEXT;

/** The limits of what is shown. */
export interface RedactorSetup {
  readonly redact: ToolbarOptions['redact'];
  /** The key of the hashes that are recorded instead of units; undefined if units are recorded. */
  readonly secret: string | undefined;
  /** The paths of all units, which are shown as hashes if there is a key. */
  readonly units: ReadonlySet<string>;
}

/** Decides which context values are shown, and how. Never throws. */
export class Redactor {
  private readonly setup: RedactorSetup;

  constructor(setup: RedactorSetup) {
    this.setup = setup;
  }

  /** The paths of all units. */
  get units(): ReadonlySet<string> {
    return this.setup.units;
  }

  /** Returns a value as it is shown: hidden, hashed, or cut. @param path dotted, such as `user.plan` */
  shown(path: string, value: unknown): Shown {
    if (this.isHidden(path)) return HIDDEN;
    if (this.isUnit(path)) return this.hashOf(path, value);
    const given = this.replaced(path, value);
    const result = show(given);
    // Other values of an object are shown only if a rule names them.
    if (isDict(result)) return `an object with ${count(Object.keys(result).length)}`;
    return JSON.stringify(result).length > MAX_JSON ? cut(JSON.stringify(result)) : flat(result);
  }

  /** Returns a value that a rule read. @param written the path as the rule has it, such as `user["plan"]` */
  shownAs(written: string, value: Shown): Shown {
    const path = dotted(written);
    return path === undefined ? HIDDEN : this.shown(path, value);
  }

  /** Returns the text of a unit, as it is recorded; undefined if it is hidden. */
  unit(path: string, text: string): string | undefined {
    if (this.isHidden(path)) return HIDDEN;
    if (this.setup.secret !== undefined) return hmac(text, this.setup.secret);
    const given = this.replaced(path, text);
    if (given !== text) return cut(typeof given === 'string' ? given : HIDDEN);
    if (path === ANONYMOUS_IDENTITY && text.length > KEY_CHARACTERS) {
      return `${text.slice(0, KEY_CHARACTERS)}…`;
    }
    return cut(text);
  }

  /** Returns true if a value is shown as it is, so that it can be copied. */
  isOpen(path: string, value: unknown): boolean {
    if (this.isHidden(path) || this.isUnit(path)) return false;
    return Object.is(this.replaced(path, value), value);
  }

  /** Returns true for a path that the application hides, and for all paths below it. */
  isHidden(path: string): boolean {
    const { redact } = this.setup;
    return Array.isArray(redact) && redact.some((one) => isWithin(path, String(one)));
  }

  private isUnit(path: string): boolean {
    const { secret, units } = this.setup;
    return secret !== undefined && [...units].some((unit) => isWithin(path, unit));
  }

  private hashOf(path: string, value: unknown): string {
    const { secret, units } = this.setup;
    // Parts of a unit, and units that were cut, have no hash.
    if (secret === undefined || !units.has(path)) return HIDDEN;
    const text = typeof value === 'object' ? undefined : identityText(value);
    return text === undefined || text.length > MAX_TEXT ? HIDDEN : hmac(text, secret);
  }

  /** Returns what the application's function makes of a value. */
  private replaced(path: string, value: unknown): unknown {
    const { redact } = this.setup;
    if (typeof redact !== 'function') return value;
    try {
      const given: unknown = redact(path, value);
      if (!isThenable(given)) return given;
      watchRejection(given, () => {});
      return HIDDEN;
    } catch {
      return HIDDEN;
    }
  }
}

/** Returns the dotted path of a path in a rule; undefined if it can't be told. */
function dotted(written: string): string | undefined {
  try {
    return keysOf(parseAndCheck(written))?.join('.');
  } catch {
    return undefined;
  }
}

/** Returns the keys of a path in a rule, such as `user["plan"]`; undefined for any other part of a rule. */
export function keysOf(node: RuleNode): readonly string[] | undefined {
  if (node.kind === 'name') return [node.name];
  if (node.kind !== 'attribute' && node.kind !== 'index') return undefined;
  const owner = keysOf(node.object);
  if (owner === undefined) return undefined;
  if (node.kind === 'attribute') return [...owner, node.name];
  return node.index.kind === 'literal' ? [...owner, String(node.index.value)] : undefined;
}

function isWithin(path: string, outer: string): boolean {
  return path === outer || path.startsWith(`${outer}.`);
}

function hmac(text: string, secret: string): string {
  return nodeCrypto().createHmac('sha256', secret).update(text).digest('hex');
}

function isDict(value: Shown): value is { [key: string]: Shown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns a list without the objects in it. */
function flat(value: Shown): Shown {
  if (!Array.isArray(value)) return typeof value === 'string' ? cut(value) : value;
  return value.map((item: Shown) => (isDict(item) ? 'an object' : flat(item)));
}

function count(names: number): string {
  return names === 1 ? '1 name' : `${names} names`;
}
