import { type Declaration, type ModuleItem, parseSync } from '@swc/core';

/** One import of a file. */
export interface Import {
  /** The specifier as written; undefined if it is computed. */
  readonly specifier: string | undefined;
  /** True if the import is erased at run time. */
  readonly typeOnly: boolean;
  /** True for `export … from`. */
  readonly reexport: boolean;
}

/** One exported name. */
export interface Export {
  readonly name: string;
  readonly documented: boolean;
}

/** The facts about one file that the house rules check. */
export interface SourceFile {
  /** The path from `src/` on, with slashes: `rules/parse.ts`. */
  readonly path: string;
  readonly imports: readonly Import[];
  /** The names declared and exported here, without re-exports. A default export is named `default`. */
  readonly exports: readonly Export[];
  /** True if the file has statements other than imports and re-exports. */
  readonly hasCode: boolean;
  /** The number of lines that are neither blank nor only a comment. */
  readonly linesOfCode: number;
  /** The global names it uses, with one property: `process.env`, `Date.now`; `new Date` if without a time. */
  readonly globals: readonly string[];
}

/** A first statement from which offsets are counted, because swc's spans don't start at the file's start. */
const ANCHOR = '0;';

/** Parses the text of a TypeScript file and collects the facts about it. */
export function readSource(path: string, text: string): SourceFile {
  // The parser accepts a shebang only at the very start, where the anchor is.
  const source = ANCHOR + text.replace(/^#!.*/, '');
  const { body, span } = parseSync(source, { syntax: 'typescript', target: 'es2022' });
  const bytes = Buffer.from(source);
  const textBefore = (item: ModuleItem): string =>
    bytes.subarray(0, item.span.start - span.start).toString();
  const statements = body.slice(1);
  const facts = collectFacts(statements);
  return {
    path,
    imports: facts.imports,
    exports: exportsOf(statements, textBefore),
    hasCode: statements.some((item) => !isImportOrReexport(item)),
    linesOfCode: countLinesOfCode(text),
    globals: facts.globals,
  };
}

function isImportOrReexport(item: ModuleItem): boolean {
  switch (item.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
      return true;
    case 'ExportNamedDeclaration':
      return item.source !== null && item.source !== undefined;
    default:
      return false;
  }
}

function exportsOf(
  statements: readonly ModuleItem[],
  textBefore: (item: ModuleItem) => string,
): Export[] {
  const documentedNames = new Map<string, boolean>();
  const exported = new Set<string>();
  for (const item of statements) {
    const declared = 'declaration' in item ? item.declaration : item;
    const documented = endsWithDocComment(textBefore(item));
    for (const name of namesOf(declared as Declaration)) {
      // The doc comment of the first overload covers all overloads.
      if (!documentedNames.has(name)) documentedNames.set(name, documented);
      if (item.type === 'ExportDeclaration') exported.add(name);
    }
    if (item.type === 'ExportDefaultDeclaration' || item.type === 'ExportDefaultExpression') {
      exported.add('default');
    }
    if (item.type === 'ExportNamedDeclaration' && !isImportOrReexport(item)) {
      for (const specifier of item.specifiers) {
        if (specifier.type === 'ExportSpecifier') exported.add(specifier.orig.value);
      }
    }
  }
  return [...exported].map((name) => ({ name, documented: documentedNames.get(name) ?? false }));
}

function namesOf(declaration: Declaration): string[] {
  switch (declaration.type) {
    case 'FunctionDeclaration':
    case 'ClassDeclaration':
      return [declaration.identifier.value];
    case 'TsInterfaceDeclaration':
    case 'TsTypeAliasDeclaration':
    case 'TsEnumDeclaration':
      return [declaration.id.value];
    case 'VariableDeclaration':
      return declaration.declarations.flatMap(({ id }) =>
        id.type === 'Identifier' ? [id.value] : [],
      );
    default:
      return [];
  }
}

function endsWithDocComment(text: string): boolean {
  const before = text.trimEnd();
  return before.endsWith('*/') && before.startsWith('/**', before.lastIndexOf('/*'));
}

function countLinesOfCode(text: string): number {
  let inComment = false;
  return text.split('\n').filter((line) => {
    const content = line.trim();
    const begins = !inComment && content.startsWith('/*');
    const isComment = inComment || begins || content.startsWith('//');
    if (inComment || begins) inComment = !content.includes('*/');
    return content !== '' && !isComment;
  }).length;
}

interface Facts {
  readonly imports: Import[];
  readonly globals: string[];
}

/** A node of swc's syntax tree. */
type Node = Readonly<Record<string, unknown>> & { readonly type: string };

function isNode(value: unknown): value is Node {
  return (
    typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
  );
}

function collectFacts(statements: readonly ModuleItem[]): Facts {
  const facts: Facts = { imports: [], globals: [] };
  visit(statements, facts);
  return facts;
}

function visit(value: unknown, facts: Facts): void {
  if (Array.isArray(value)) {
    for (const item of value) visit(item, facts);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  if (isNode(value) && !note(value, facts)) return;
  for (const [field, child] of Object.entries(value)) {
    // Names of properties, methods and interface members are not uses of globals.
    const isName = field === 'key' && isNode(child) && child.type === 'Identifier';
    if (!isName) visit(child, facts);
  }
}

/** Records the imports and globals of a node; returns true if its children must be visited too. */
function note(node: Node, { imports, globals }: Facts): boolean {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration': {
      const specifier = textOf(node['source']);
      const typeOnly = node['typeOnly'] === true;
      const reexport = node.type !== 'ImportDeclaration';
      if (specifier !== undefined) imports.push({ specifier, typeOnly, reexport });
      return false;
    }
    case 'TsImportType':
      imports.push({ specifier: textOf(node['argument']), typeOnly: true, reexport: false });
      return true;
    case 'TsExternalModuleReference':
      imports.push({ specifier: textOf(node['expression']), typeOnly: false, reexport: false });
      return false;
    case 'CallExpression': {
      const { callee } = node;
      if (!isNode(callee)) return true;
      const name = callee['value'];
      if (callee.type !== 'Import' && name !== 'require' && name !== 'loadPackage') return true;
      const [first] = node['arguments'] as readonly { expression: unknown }[];
      imports.push({ specifier: textOf(first?.expression), typeOnly: false, reexport: false });
      return true;
    }
    case 'MemberExpression': {
      const { object, property } = node;
      if (!isNode(object) || !isNode(property) || property.type !== 'Identifier') return true;
      if (object.type === 'Identifier') {
        globals.push(`${String(object['value'])}.${String(property['value'])}`);
      } else visit(object, { imports, globals });
      return false;
    }
    case 'NewExpression': {
      const { callee } = node;
      const given = node['arguments'];
      const without = !Array.isArray(given) || given.length === 0;
      if (isNode(callee) && callee['value'] === 'Date' && without) globals.push('new Date');
      return true;
    }
    case 'Identifier':
      globals.push(String(node['value']));
      return true;
    default:
      return true;
  }
}

function textOf(node: unknown): string | undefined {
  return isNode(node) && node.type === 'StringLiteral' ? String(node['value']) : undefined;
}
