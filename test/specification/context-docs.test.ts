import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseExperiments } from '../../src/assignment/parse-experiments.ts';
import { RuleError } from '../../src/errors/rule-error.ts';
import { inferFindings } from '../../src/rules/types/infer.ts';
import { CONTEXT_KEYWORDS, readContext } from '../../src/specification/context/context-schema.ts';
import { atOnce } from '../../src/runtime/steps.ts';
import { specificationSteps } from '../../src/specification/specification.ts';
import { didYouMean } from '../../src/errors/did-you-mean.ts';

const text = readFileSync(join(__dirname, '../../docs/rules.md'), 'utf8');
const section = text.split('\n## Declared context\n')[1]?.split('\n## ')[0] ?? '';

/** Returns the lines of the fenced block with an info string. */
const block = (info: string) =>
  (new RegExp(`^\`\`\`${info}\n([^]*?)^\`\`\`$`, 'm').exec(section)?.[1] ?? '')
    .trimEnd()
    .split('\n');

const declared = JSON.parse(block('json declared').join('\n')) as { context: unknown };
const { type } = readContext(declared.context, '/context');

/** Returns the examples of a block: each a rule and a statement about it. */
const examples = (info: string) =>
  block(info).map((line) => {
    const [rule = '', says = ''] = line.split(' # ');
    return [rule.trim(), says] as const;
  });

const found = (rule: string, context = type) =>
  inferFindings(rule, context, didYouMean).map(({ certain, error }) => [certain, error.reason]);

const formats = JSON.parse(block('json formats').join('\n')) as { context: unknown };
const formatted = readContext(formats.context, '/context');

/** Returns the result of a rule whose audience gets `yes`, or the code of its error, as the page has it. */
function resultOf(decide: () => string | undefined): string {
  try {
    return decide() === 'yes' ? 'True' : 'False';
  } catch (error) {
    return error instanceof RuleError ? error.code : String(error);
  }
}

describe('docs/rules.md, on the declared context', () => {
  it('shows a valid file', () => {
    expect(() => atOnce(specificationSteps(declared, { origin: 'docs' }))).not.toThrow();
  });

  it.each(examples('rule-errors'))('is right about the problem of %s', (rule, says) => {
    expect(found(rule).filter(([certain]) => certain)).toEqual([[true, says]]);
  });

  it('shows a valid file with formats', () => {
    expect(() => atOnce(specificationSteps(formats, { origin: 'docs' }))).not.toThrow();
  });

  it.each(examples('format-errors'))('is right about the problem of %s', (rule, says) => {
    expect(found(rule, formatted.type)).toEqual([[true, says]]);
  });

  it.each(examples('rule-warnings'))('is right about the warning for %s', (rule, says) => {
    expect(found(rule)).toEqual([[false, says]]);
  });

  it.each(examples('rule-fits'))('is right that %s is fine', (rule) => {
    expect(found(rule)).toEqual([]);
  });

  it.each(block('absent').map((line) => line.split(' # → ').map((part) => part.trim())))(
    'is right that %s is %s for a visitor',
    (rule = '', says = '') => {
      const name = 'example';
      const audiences = [
        { rule, allocations: [{ variant: 'yes', percent: 100 }] },
        { allocations: [{ variant: 'no', percent: 100 }] },
      ];
      const variants = [{ name: 'yes' }, { name: 'no' }];
      const snapshot = parseExperiments({
        context: declared.context,
        experiments: [{ name, identity: 'random', variants, audiences }],
      });
      const user = { id: null, is_authenticated: false, is_anonymous: true };
      const cart = [{ sku: 'A1', price: 9.5 }];
      const visitor = snapshot.participant({
        country: 'NO',
        visits: 1,
        referrer: null,
        cart,
        user,
      });
      expect(resultOf(() => visitor.variant(name))).toBe(says);
    },
  );

  it('names all keywords', () => {
    for (const keyword of CONTEXT_KEYWORDS) expect(section).toContain(`\`${keyword}\``);
  });

  it('is right about users who are always logged in', () => {
    const context = {
      properties: {
        user: {
          properties: { plan: { type: 'string' }, is_authenticated: { const: true } },
          required: ['plan'],
        },
      },
    };
    const read = readContext(context, '');
    expect(inferFindings('user.plan == "pro"', read.type, didYouMean)).toEqual([]);
  });
});
