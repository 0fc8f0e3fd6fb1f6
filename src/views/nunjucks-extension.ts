import type {
  NunjucksLexer,
  NunjucksNode,
  NunjucksNodes,
  NunjucksParser,
  NunjucksToken,
} from './nunjucks-parser.ts';

/** An extension for `env.addExtension()`. */
export interface NunjucksExtension {
  /** The names of the tags that the extension parses. */
  tags: string[];
  /** Parses a tag. Nunjucks calls it for each of these tags when it compiles a template. */
  parse(parser: NunjucksParser, nodes: NunjucksNodes, lexer: NunjucksLexer): NunjucksNode;
}

/**
 * The text in a render error about a function that the view does not have. Nunjucks prints
 * "Unable to call `<text>`, which is undefined or falsey". The text contains no quotes or backslashes,
 * because Nunjucks copies it unescaped into the compiled template.
 */
const MISSING = 'put app.use(evenhand()) before the route, and import macros with context';

/** The tags that test a switch. */
const SWITCH_ON = 'switchon';
const SWITCH_OFF = 'switchoff';

/** The object in the view's locals that has all functions, whatever else the view calls by their names. */
const OBJECT = 'evenhand';

/**
 * Returns an extension for Nunjucks with tags. They call the functions that the middleware sets on
 * `res.locals`. Their arguments may be any expressions, and a variant may be a list of variants.
 *
 * ```ts
 * const env = nunjucks.configure('views', { express: app });
 * env.addExtension('evenhand', nunjucksExtension());
 * app.locals.scriptJson = scriptJson; // {{ scriptJson(variants) | safe }}
 * ```
 * ```njk
 * {% variant "button_test", "bold", "round" %}…{% elsevariant "plain" %}…{% else %}…{% endvariant %}
 * {% switchon "banner" %}…{% else %}…{% endswitchon %}
 * {% switchoff "banner" %}…{% endswitchoff %}
 * ```
 *
 * As in Cravensworth, `switchoff` means "not on": it also holds for an unknown switch, for which `isOff()`
 * is false.
 *
 * The tags compile to `if` nodes with calls of `isVariant` and `isOn`. Includes, blocks, autoescaping,
 * whitespace control and line numbers work as in `{% if %}`. A malformed tag is a template error of
 * Nunjucks.
 */
export function nunjucksExtension(): NunjucksExtension {
  return {
    tags: ['variant', SWITCH_ON, SWITCH_OFF],
    parse(parser, nodes, lexer) {
      return new TagParser(parser, nodes, lexer).parse();
    },
  };
}

/** Parses one tag with its branches and its end. */
class TagParser {
  private readonly parser: NunjucksParser;
  private readonly nodes: NunjucksNodes;
  private readonly lexer: NunjucksLexer;

  constructor(parser: NunjucksParser, nodes: NunjucksNodes, lexer: NunjucksLexer) {
    this.parser = parser;
    this.nodes = nodes;
    this.lexer = lexer;
  }

  parse(): NunjucksNode {
    const tag = this.tagName();
    return tag.value === 'variant' ? this.variant(tag) : this.switch(tag);
  }

  private switch(tag: NunjucksToken): NunjucksNode {
    const [name, ...rest] = this.args(tag);
    if (name === undefined || rest.length > 0) {
      this.fail(tag, `expected only the switch's name: {% ${tag.value} "name" %}`);
    }
    const end = `end${tag.value}`;
    const body = this.parser.parseUntilBlocks('else', end);
    const isOn = this.call(tag, 'isOn', [name]);
    const test = tag.value === SWITCH_OFF ? new this.nodes.Not(tag.lineno, tag.colno, isOn) : isOn;
    return this.branch(tag, test, body, this.rest(tag, end));
  }

  private variant(tag: NunjucksToken): NunjucksNode {
    const [name, ...variants] = this.args(tag);
    if (name === undefined || variants.length === 0) {
      this.fail(
        tag,
        'expected the experiment and at least one variant: {% variant "name", "a", "b" %}',
      );
    }
    return this.variantBranch(tag, tag, name, variants);
  }

  /**
   * Parses a branch of `{% variant %}` and all following branches.
   *
   * @param start the opening tag, for an error about a missing end
   * @param tag the tag of this branch
   */
  private variantBranch(
    start: NunjucksToken,
    tag: NunjucksToken,
    name: NunjucksNode,
    variants: readonly NunjucksNode[],
  ): NunjucksNode {
    const { parser } = this;
    const test = this.call(tag, 'isVariant', [name, this.joined(tag, variants)]);
    const body = parser.parseUntilBlocks('elsevariant', 'else', 'endvariant');
    if (parser.peekToken()?.value !== 'elsevariant') {
      return this.branch(tag, test, body, this.rest(start, 'endvariant'));
    }
    const next = this.tagName();
    const others = this.args(next);
    if (others.length === 0) {
      this.fail(next, 'expected at least one variant: {% elsevariant "c" %}');
    }
    return this.branch(tag, test, body, this.variantBranch(start, next, name, others));
  }

  /**
   * Returns all variants of a branch in one list, as each may be a list from the view's data:
   * `[].concat(…)`. A single variant is passed unchanged.
   */
  private joined(
    { lineno, colno }: NunjucksToken,
    variants: readonly NunjucksNode[],
  ): NunjucksNode | undefined {
    if (variants.length < 2) return variants[0];
    const { Array, FunCall, Literal, LookupVal, NodeList } = this.nodes;
    const empty = new Array(lineno, colno, []);
    const concat = new LookupVal(lineno, colno, empty, new Literal(lineno, colno, 'concat'));
    return new FunCall(lineno, colno, concat, new NodeList(lineno, colno, variants));
  }

  /** Parses the end of a tag: an optional `{% else %}` and the end tag. */
  private rest(start: NunjucksToken, end: string): NunjucksNode | null {
    const { parser } = this;
    let otherwise: NunjucksNode | null = null;
    if (parser.peekToken()?.value === 'else') {
      parser.advanceAfterBlockEnd();
      otherwise = parser.parseUntilBlocks(end);
    }
    if (parser.peekToken()?.value !== end) {
      this.fail(start, `expected {% ${end} %}, not the end of the template`);
    }
    parser.advanceAfterBlockEnd();
    return otherwise;
  }

  private tagName(): NunjucksToken {
    const tag = this.parser.nextToken();
    // Never happens: Nunjucks calls parse() only after it has read the tag's name.
    if (tag === null) throw new TypeError('the template ended before a tag');
    return tag;
  }

  /** Parses the comma-separated arguments of a tag and its end. */
  private args(tag: NunjucksToken): NunjucksNode[] {
    const { parser, lexer } = this;
    const args: NunjucksNode[] = [];
    if (parser.peekToken()?.type !== lexer.TOKEN_BLOCK_END) {
      do args.push(parser.parseExpression());
      while (parser.skip(lexer.TOKEN_COMMA));
    }
    if (parser.peekToken()?.type !== lexer.TOKEN_BLOCK_END) {
      this.fail(tag, 'expected arguments separated by commas');
    }
    parser.advanceAfterBlockEnd(tag.value);
    return args;
  }

  private branch(
    { lineno, colno }: NunjucksToken,
    test: NunjucksNode,
    body: NunjucksNode,
    otherwise: NunjucksNode | null,
  ): NunjucksNode {
    return new this.nodes.If(lineno, colno, test, body, otherwise);
  }

  /**
   * Returns a call of a request function: of the object with all functions, otherwise by its name. If the
   * view has neither, the call fails with a helpful name.
   */
  private call(
    { lineno, colno }: NunjucksToken,
    name: string,
    args: readonly unknown[],
  ): NunjucksNode {
    const { FunCall, InlineIf, Literal, LookupVal, NodeList, Symbol } = this.nodes;
    const object = new Symbol(lineno, colno, OBJECT);
    const member = new LookupVal(lineno, colno, object, new Literal(lineno, colno, name));
    const known = new Symbol(lineno, colno, name);
    const missing = new Symbol(lineno, colno, `${name} (${MISSING})`);
    // Nunjucks prints these numbers unchanged in errors of calls, and people count from 1.
    const callOf = (target: NunjucksNode, given: readonly unknown[]): NunjucksNode =>
      new FunCall(lineno + 1, colno + 1, target, new NodeList(lineno, colno, given));
    const byName = new InlineIf(lineno, colno, known, callOf(known, args), callOf(missing, []));
    return new InlineIf(lineno, colno, member, callOf(member, args), byName);
  }

  private fail({ value, lineno, colno }: NunjucksToken, message: string): never {
    this.parser.fail(`${value}: ${message}`, lineno, colno);
  }
}
