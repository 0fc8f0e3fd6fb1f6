import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInThisContext } from 'node:vm';
import * as planout from '../../src/planout/index.ts';
import { blocksOf } from '../readme-blocks.ts';
import vectors from '../vectors/planout.json' with { type: 'json' };

const doc = readFileSync(join(__dirname, '../../docs/planout.md'), 'utf8');
const blocks = blocksOf(doc);

/** The programs, each with the output the docs show behind it. */
const programs = blocks.flatMap((block, i) =>
  block.language === 'js' ? [{ source: block.text, output: blocks[i + 1]?.text }] : [],
);

const IMPORT = /^import (\{[^}]*\}) from 'evenhand\/planout';$/m;

/** What a program prints: a line for each call, values as JSON but for texts. */
function outputOf(source: string): string {
  const lines: string[] = [];
  const print = (...values: readonly unknown[]) => {
    const texts = values.map((one) =>
      typeof one === 'string' ? one : (JSON.stringify(one) ?? 'undefined'),
    );
    lines.push(`${texts.join(' ').trimEnd()}\n`);
  };
  const body = source.replace(IMPORT, 'const $1 = planout;');
  const program = runInThisContext(`(function (planout, console) {${body}})`) as (
    ...args: readonly unknown[]
  ) => void;
  program(planout, { log: print });
  return lines.join('');
}

describe('docs/planout.md', () => {
  it('has programs with outputs', () => {
    expect(programs).toHaveLength(6);
    expect(programs.every(({ source }) => IMPORT.test(source))).toBe(true);
  });

  it.each(programs)('shows what a program prints: $output', ({ source, output }) => {
    expect(outputOf(source)).toBe(output);
  });

  it('names all operators, and no others', () => {
    const rows = doc
      .slice(doc.indexOf('### Operators'), doc.indexOf('## Salts'))
      .matchAll(/^\| `(\w+)` +\| `/gm);
    const operators = new Set(vectors.operators.map(({ op }) => op));
    expect(new Set([...rows].map(([, name]) => name))).toEqual(operators);
  });
});
