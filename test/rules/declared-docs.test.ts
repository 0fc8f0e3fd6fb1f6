import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseExperiments } from '../../src/assignment/parse-experiments.ts';
import { problemsOf } from '../specification/problems.ts';

const text = readFileSync(join(__dirname, '../../docs/rules.md'), 'utf8');

/** Returns the contents of the fenced blocks with this head. */
function blocksOf(head: string): string[] {
  const fence = new RegExp(`^\`\`\`${head}\n(.*?)^\`\`\`$`, 'gms');
  return [...text.matchAll(fence)].map(([, block]) => block ?? '');
}

/** Returns the lines of the blocks with this head: a rule, and what stands after it. */
function linesOf(head: string): [string, string][] {
  return blocksOf(head).flatMap((block) =>
    block
      .trimEnd()
      .split('\n')
      .map((line): [string, string] => {
        const [rule = '', result = ''] = line.split(' # ').map((part) => part.trim());
        return [rule, result.replace('→ ', '')];
      }),
  );
}

const [file = ''] = blocksOf('json segments');
const specification = JSON.parse(file) as { experiments: unknown[] };
const [, contextBlock = ''] = blocksOf('json');
const context = JSON.parse(contextBlock) as object;

/** The file of the page with one more experiment, whose first audience has the rule. */
const withRule = (rule: string) => ({
  ...specification,
  experiments: [
    {
      name: 'shown',
      identity: 'user.id',
      variants: [{ name: 'True' }, { name: 'False' }],
      audiences: [
        { rule, allocations: [{ variant: 'True', percent: 100 }] },
        { allocations: [{ variant: 'False', percent: 100 }] },
      ],
    },
    ...specification.experiments,
  ],
});

describe('docs/rules.md on segments and other experiments', () => {
  it('shows a valid file', () => {
    expect(problemsOf(specification)).toEqual([]);
  });

  const examples = linesOf('segments');

  it('has examples of both', () => {
    expect(examples.length).toBeGreaterThan(6);
  });

  it.each(examples)('gives the right result for %s', (rule, result) => {
    const participant = parseExperiments(withRule(rule)).participant(context);
    expect(participant.variant('shown')).toBe(result);
  });

  it.each(linesOf('segments-refused'))('gives the right message for %s', (rule, message) => {
    const [problem = '', ...others] = problemsOf(withRule(rule));
    expect(problem.replace(/^.*\/rule: (?:the experiment "shown" asks for another: )?/, '')).toBe(
      message,
    );
    expect(others).toEqual([]);
  });
});
