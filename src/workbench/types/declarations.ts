import { escapeInvisible } from '../../errors/show-value.ts';
import type { ExperimentSpec, NamespaceSpec } from '../../specification/types.ts';
import { parameterTypes } from './parameter-types.ts';
import { propertyName, stringLiteral, valueType } from './value-type.ts';

const INDENT = '    ';

/** The line length from which unions are broken into lines. */
const MAX_WIDTH = 100;

/**
 * Returns the declaration file for the experiments of an application: their names, variants and the
 * types of their values; and for its namespaces: their names and the types of their parameters.
 *
 * @param origin the specification's file, for the first line
 */
export function writeDeclarations(
  experiments: readonly ExperimentSpec[],
  origin: string,
  namespaces: readonly NamespaceSpec[] = [],
): string {
  return [
    `// Written by \`npx evenhand types\` from ${oneLine(origin)}; don't edit.`,
    `import 'evenhand';`,
    '',
    `declare module 'evenhand' {`,
    '  interface Experiments {',
    ...experiments.map(writeExperiment),
    '  }',
    ...(namespaces.length === 0
      ? []
      : ['', '  interface Namespaces {', ...namespaces.map(writeNamespace), '  }']),
    '}',
    '',
  ].join('\n');
}

function writeExperiment({ name, description, owner, variants }: ExperimentSpec): string {
  const names = variants.map((variant) => stringLiteral(variant.name));
  const value = valueType(
    variants.map((variant) => variant.value),
    `${INDENT}  `,
  );
  return (
    comment(description, owner) +
    `${INDENT}${propertyName(name)}: {\n` +
    `${INDENT}  variant:${union(names)};\n` +
    `${INDENT}  value: ${value};\n` +
    `${INDENT}};`
  );
}

function writeNamespace(namespace: NamespaceSpec): string {
  const { name, description, owner } = namespace;
  const inner = `${INDENT}  `;
  const types = parameterTypes(namespace, inner);
  const lines = Array.from(types, ([one, type]) => `${inner}${propertyName(one)}: ${type};\n`);
  return (
    comment(description, owner) +
    `${INDENT}${propertyName(name)}: ${lines.length === 0 ? '{}' : `{\n${lines.join('')}${INDENT}}`};`
  );
}

function union(names: readonly string[]): string {
  const line = ` ${names.join(' | ')}`;
  if (`${INDENT}  variant:${line};`.length <= MAX_WIDTH) return line;
  return names.map((name) => `\n${INDENT}    | ${name}`).join('');
}

/** Returns the comment that editors show for an experiment's name. */
function comment(description: string | undefined, owner: string | undefined): string {
  const text = [description ?? '', owner === undefined || owner === '' ? '' : `(${owner})`]
    .join(' ')
    .trim();
  return text === '' ? '' : `${INDENT}/** ${oneLine(text).replaceAll('*/', '* /')} */\n`;
}

/** Returns a text without line breaks, and with invisible characters escaped. */
function oneLine(text: string): string {
  return escapeInvisible(text.replaceAll(/\s+/g, ' '));
}

/** Returns true if two declaration files differ only in formatting. */
export function sameDeclarations(one: string, other: string): boolean {
  return essence(one) === essence(other);
}

/** Removes everything that formatters change: spaces, quotes, leading bars of unions, semicolons. */
function essence(text: string): string {
  return text
    .replaceAll(/\s+/g, '')
    .replaceAll('"', "'")
    .replaceAll(/:\|/g, ':')
    .replaceAll(/;\}/g, '}')
    .replaceAll(';', '');
}
