/**
 * The part of Nunjucks 3's parser that the tags use. The types are structural, so applications with
 * another engine need neither Nunjucks nor its types.
 */

/** A piece of a template's tag. */
export interface NunjucksToken {
  readonly type: string;
  readonly value: string;
  /** From 0. */
  readonly lineno: number;
  /** From 0. */
  readonly colno: number;
}

/** A node of the syntax tree. */
export interface NunjucksNode {
  readonly lineno: number;
  readonly colno: number;
}

/** A class of nodes: a place, then its fields. */
export type NunjucksNodeClass = new (
  lineno: number,
  colno: number,
  ...fields: unknown[]
) => NunjucksNode;

/** The classes of nodes that the tags build. */
export interface NunjucksNodes {
  /** Fields: condition, body, else (null for none). */
  readonly If: NunjucksNodeClass;
  /** Fields: condition, value, else. */
  readonly InlineIf: NunjucksNodeClass;
  /** Field: condition. */
  readonly Not: NunjucksNodeClass;
  /** Fields: object, name of the member. */
  readonly LookupVal: NunjucksNodeClass;
  /** Field: value. */
  readonly Literal: NunjucksNodeClass;
  /** Fields: function, NodeList of arguments. */
  readonly FunCall: NunjucksNodeClass;
  /** Field: list of nodes. */
  readonly NodeList: NunjucksNodeClass;
  /** Field: list of nodes. */
  readonly Array: NunjucksNodeClass;
  /** Field: name. */
  readonly Symbol: NunjucksNodeClass;
}

/** The names of token types. */
export interface NunjucksLexer {
  readonly TOKEN_COMMA: string;
  readonly TOKEN_BLOCK_END: string;
}

/** The parser; null stands for the end of the template. */
export interface NunjucksParser {
  nextToken(): NunjucksToken | null;
  peekToken(): NunjucksToken | null;
  /** Takes the next token if it is of this type. */
  skip(type: string): boolean;
  parseExpression(): NunjucksNode;
  /** Parses up to a tag with one of these names, which stays unread. */
  parseUntilBlocks(...names: string[]): NunjucksNode;
  /** Takes the end of the tag. Without `name`, it takes the name of the tag first. */
  advanceAfterBlockEnd(name?: string): unknown;
  /** Throws a template error at this place. */
  fail(message: string, lineno: number, colno: number): never;
}
