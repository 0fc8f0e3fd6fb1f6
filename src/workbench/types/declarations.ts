import type { ExperimentSpec } from '../../specification/types.ts';
import { propertyName, stringLiteral, valueType } from './value-type.ts';

const INDENT = '    ';

/** Longer lines than this are broken. */
const MAX_WIDTH = 100;

/**
 * The declaration file that tells the compiler the experiments of an application: their names, their
 * variants and the types of their values.
 *
 * @param origin the specification's file, for the first line
 */
export function writeDeclarations(experiments: readonly ExperimentSpec[], origin: string): string {
  return [
    `// Written by \`npx evenhand types\` from ${oneLine(origin)}; don't edit.`,
    `import 'evenhand';`,
    '',
    `declare module 'evenhand' {`,
    '  interface Experiments {',
    ...experiments.map(writeExperiment),
    '  }',
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

function union(names: readonly string[]): string {
  const line = ` ${names.join(' | ')}`;
  if (`${INDENT}  variant:${line};`.length <= MAX_WIDTH) return line;
  return names.map((name) => `\n${INDENT}    | ${name}`).join('');
}

/** What editors show when the cursor is on the name. */
function comment(description: string | undefined, owner: string | undefined): string {
  const text = [description ?? '', owner === undefined || owner === '' ? '' : `(${owner})`]
    .join(' ')
    .trim();
  return text === '' ? '' : `${INDENT}/** ${oneLine(text).replaceAll('*/', '*\u200b/')} */\n`;
}

/** A text that ends no comment and no line. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029\s]+/gu, ' ');
}

/** Whether two declaration files say the same, however they are formatted. */
export function sameDeclarations(one: string, other: string): boolean {
  return essence(one) === essence(other);
}

/** Without what formatters change: space, quotes, the bar before a union's first type, the last `;`. */
function essence(text: string): string {
  return text
    .replaceAll(/\s+/g, '')
    .replaceAll('"', "'")
    .replaceAll(/:\|/g, ':')
    .replaceAll(/;\}/g, '}')
    .replaceAll(';', '');
}
