import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { version } from '../../src/rules/typed-text/version.ts';
import * as limits from '../../src/rules/values/limits.ts';
import { failureOf, outcomeOf, refusalOf } from './outcome.ts';

const text = readFileSync(join(__dirname, '../../docs/rules.md'), 'utf8');

/** Returns the contents of the fenced blocks in one language. */
function blocksOf(language: string): string[] {
  const fence = new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\`$`, 'gms');
  return [...text.matchAll(fence)].map(([, block]) => block ?? '');
}

/** Returns the rows of the table under a heading, without its head, as cells. */
function tableUnder(heading: string): string[][] {
  const section = text.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  return rows.slice(2).map((row) =>
    row
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

/** Reads rules of one or more lines. The last line of each gives its result in a comment. */
function examplesIn(block: string): { rule: string; gives: string }[] {
  const examples = block.matchAll(/(.*?# → (\S+))\n/gs);
  return [...examples].map(([, rule = '', gives = '']) => ({ rule, gives }));
}

const [, contextBlock = ''] = blocksOf('json');
const context = JSON.parse(contextBlock) as object;
const results = new Map<string, boolean | string>([
  ['True', true],
  ['False', false],
]);

const byValue = (a: number, b: number) => a - b;

describe('docs/rules.md', () => {
  const examples = blocksOf('rules').flatMap(examplesIn);

  it('ends each example with its result', () => {
    expect(examples.length).toBeGreaterThan(40);
    expect(blocksOf('rules').every((block) => /# → \S+\n$/.test(block))).toBe(true);
  });

  it.each(examples)('gives the right result for $rule', ({ rule, gives }) => {
    expect(outcomeOf(rule, context)).toBe(results.get(gives) ?? gives);
  });

  const [typedContext = ''] = blocksOf('js typed-context');
  const statements = typedContext.replace(/^import .*\n/m, '');
  // oxlint-disable-next-line typescript/no-implied-eval, no-new-func -- the page's own example
  const makeContext = new Function('version', `${statements} return context;`) as (
    from: typeof version,
  ) => object;
  const typedExamples = blocksOf('typed-rules').flatMap(examplesIn);

  it('has examples of versions and dates', () => {
    expect(typedExamples.length).toBeGreaterThan(10);
  });

  it.each(typedExamples)('gives the right result for $rule', ({ rule, gives }) => {
    expect(outcomeOf(rule, makeContext(version))).toBe(results.get(gives) ?? gives);
  });

  it('shows a rule in valid JSON', () => {
    const [specification = ''] = blocksOf('json');
    const { rule } = JSON.parse(specification) as { rule: string };
    expect(outcomeOf(rule, context)).toBe(true);
  });

  const errors = tableUnder('Errors').map((cells) => cells.map((cell) => cell.replaceAll('`', '')));

  it('has an example of every code', () => {
    const codes =
      'syntax forbidden call name attribute key index type zero-division not-boolean limit';
    expect(errors.map(([code]) => code)).toEqual(codes.split(' '));
  });

  it.each(errors)('gives the right error %s for %s', (code, example = '', message = '') => {
    const error = failureOf(example, context);
    expect([error.code, error.reason]).toEqual([code, message.replaceAll('\\', '')]);
  });

  const habits = tableUnder('Habits from other languages').map((cells) =>
    cells.map((cell) => cell.replaceAll('`', '')),
  );

  it('lists the habits of several languages', () => {
    expect(habits.length).toBeGreaterThan(8);
  });

  it.each(habits)('gives the right remedy for %s', (rule = '', message = '') => {
    expect(refusalOf(rule).reason).toBe(message);
  });

  it('shows a message literally', () => {
    const [message = ''] = blocksOf('text');
    const [, rule = ''] = message.split('\n');
    expect(failureOf(rule.trim(), context).message).toBe(message.trimEnd());
  });

  describe('the table of differences from Python', () => {
    const rows = tableUnder('Differences from Python').map((cells) =>
      cells.slice(0, 3).map((cell) => cell.replaceAll('`', '')),
    );
    const shown = { ...context, nan: NaN, other_nan: NaN };

    it.each(rows)(
      'gives the right result for %s, which is %s in Python',
      (rule = '', python, ours = '') => {
        expect(outcomeOf(rule, shown)).toBe(results.get(ours) ?? ours);
        expect(python).not.toBe(ours);
      },
    );
  });

  it('names the current limits', () => {
    const told = tableUnder('Limits').map(([, limit = '']) => Number(limit.replaceAll(',', '')));
    expect(told.sort(byValue)).toEqual(Object.values(limits).sort(byValue));
  });
});
