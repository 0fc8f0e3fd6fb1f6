import type { JsonValue } from '../../json/value.ts';
import { isObject } from '../../options/check-options.ts';
import { isVisitor, knownValues, NOT_READ, ownValue } from '../../rules/known-values.ts';
import { parsePart, partJson } from './shape-form.ts';
import { MAX_DEPTH, Part, PRIVATE } from './shape-part.ts';
import { objectSchema } from './shape-schema.ts';
import { type ShapeType, typeOf } from './shape-types.ts';

/** The most names of an object, items of a list, and values of one context that are read. */
const MAX_NAMES = 50;
const MAX_ITEMS = 20;
const MAX_VALUES = 2000;

/** The most parts of a shape, which bounds its size. Parts beyond are left out. */
const MAX_PARTS = 5000;

/** The names that a rule can read as an attribute, unless they are too long to be a name. */
const READABLE = /^[A-Za-z][A-Za-z0-9_]{0,39}$/;

/** A name with more digits is probably an id, and its object a map of things by their id. */
const MAX_DIGITS = 4;

/** The version of the JSON form. */
const FORM = 1;

/**
 * The names and types of contexts, merged from as many contexts as are added. It never holds a value,
 * and no name that looks like data: the names of an object whose names are ids, or more than 50, are
 * left out.
 */
export class ContextShape {
  private root = new Part();
  private parts = 1;
  private changes = 0;
  /** The values that may still be read of the context that is being added. */
  private left = 0;

  /** The number of contexts that were added. */
  get contexts(): number {
    return this.root.seen;
  }

  /** Increases whenever a name or a type is added, or a name turns out to be optional. */
  get version(): number {
    return this.changes;
  }

  /**
   * Adds the names and types of a context. Runs no getter and no lazy value. Never throws.
   *
   * A visitor without a login has no attributes, so such a `user` does not make any of them optional.
   *
   * @param isNew false for a context that was added before, when fewer of its values were known
   */
  add(context: object, isNew = true): void {
    this.left = MAX_VALUES;
    this.addObject(this.root, context, 0, isRecorded);
    if (isNew) this.root.seen++;
  }

  /** Adds everything that another shape has. */
  merge(other: ContextShape): void {
    this.mergePart(this.root, other.root);
  }

  /** Returns the JSON form, which {@link ContextShape.parse} reads. */
  toJSON(): JsonValue {
    return { form: FORM, ...partJson(this.root) };
  }

  /** Reads the JSON form; returns undefined for anything else. */
  static parse(json: unknown): ContextShape | undefined {
    if (!isObject(json) || json.form !== FORM) return undefined;
    const shape = new ContextShape();
    const root = parsePart(json, 0);
    if (root === undefined) return undefined;
    shape.mergePart(shape.root, root);
    return shape;
  }

  /** True if the contexts have names, but none of them is listed. */
  get isUnlisted(): boolean {
    return this.root.others !== undefined && this.root.properties.size === 0;
  }

  /**
   * Returns the declared context for these contexts: a JSON Schema with the keywords that the `context`
   * of a specification may use.
   */
  toSchema(): { readonly [keyword: string]: JsonValue } {
    const { additionalProperties: _, ...schema } = objectSchema(this.root);
    // An object without names would be declared as open, and nothing would be checked.
    return { properties: {}, ...schema };
  }

  private addValue(part: Part, value: unknown, depth: number): void {
    if (this.left-- <= 0) return;
    part.seen++;
    // Another context may show the type.
    if (value === NOT_READ) return;
    const type = typeOf(value);
    this.addType(part, type);
    if (depth >= MAX_DEPTH) return;
    if (type === 'object') this.addObject(part, value as object, depth);
    else if (type === 'array') this.addItems(part, value as readonly unknown[], depth);
  }

  private addType(part: Part, type: ShapeType): void {
    if (part.types.has(type)) return;
    part.types.add(type);
    this.changes++;
  }

  private addObject(
    part: Part,
    value: object,
    depth: number,
    accepts: (name: string, value: unknown) => boolean = () => true,
  ): void {
    const present = new Set<Part>();
    try {
      for (const [name, inner] of knownValues(value)) {
        if (this.left <= 0) break;
        if (typeof inner === 'function' || PRIVATE.test(name) || !accepts(name, inner)) continue;
        const place = this.placeOf(part, name);
        if (place === undefined) continue;
        present.add(place);
        this.addValue(place, inner, depth + 1);
      }
    } catch {
      // The application's object threw; the names so far are kept.
    }
    for (const property of part.properties.values()) {
      if (!present.has(property) && property.seen === part.objects) this.changes++;
    }
    part.objects++;
  }

  private addItems(part: Part, items: readonly unknown[], depth: number): void {
    for (let i = 0; i < Math.min(items.length, MAX_ITEMS); i++) {
      part.items ??= this.create();
      if (part.items === undefined) return;
      // An index may be a getter too.
      this.addValue(part.items, ownValue(items, String(i)), depth + 1);
    }
  }

  /** Returns the part for a name; undefined if there is no room. */
  private placeOf(part: Part, name: string): Part | undefined {
    const known = part.properties.get(name);
    if (known !== undefined) return known;
    if (!part.isMap && isListed(name)) {
      if (part.properties.size < MAX_NAMES) {
        const created = this.create();
        if (created !== undefined) part.properties.set(name, created);
        return created;
      }
      this.collapse(part);
    }
    return (part.others ??= this.create());
  }

  /** Forgets the names of an object that has too many, and keeps the types of its values. */
  private collapse(part: Part): void {
    part.others ??= this.create();
    for (const property of part.properties.values()) {
      if (part.others !== undefined) this.mergePart(part.others, property);
    }
    part.properties.clear();
    part.isMap = true;
    this.changes++;
  }

  private mergePart(part: Part, other: Part): void {
    const required = [...part.properties.values()].filter(({ seen }) => seen >= part.objects);
    for (const type of other.types) this.addType(part, type);
    if (other.isMap && !part.isMap) this.collapse(part);
    for (const [name, property] of other.properties) {
      const place = this.placeOf(part, name);
      if (place !== undefined) this.mergePart(place, property);
    }
    if (other.others !== undefined) {
      part.others ??= this.create();
      if (part.others !== undefined) this.mergePart(part.others, other.others);
    }
    if (other.items !== undefined) {
      part.items ??= this.create();
      if (part.items !== undefined) this.mergePart(part.items, other.items);
    }
    part.seen += other.seen;
    part.objects += other.objects;
    if (required.some(({ seen }) => seen < part.objects)) this.changes++;
  }

  private create(): Part | undefined {
    if (this.parts >= MAX_PARTS) return undefined;
    this.parts++;
    this.changes++;
    return new Part();
  }
}

/**
 * Returns true if a value of the context counts. `anonymous` is there in every context, and a visitor
 * has no attributes.
 */
function isRecorded(name: string, value: unknown): boolean {
  return name !== 'anonymous' && !(name === 'user' && isVisitor(value));
}

/** Returns true if a name may be part of a shape: rules can read it, and it does not look like an id. */
function isListed(name: string): boolean {
  return READABLE.test(name) && name.replaceAll(/\D/g, '').length <= MAX_DIGITS;
}
