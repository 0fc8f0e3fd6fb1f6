import { proseProblems } from '../../scripts/prose/prose-problems.ts';

describe('proseProblems', () => {
  it.each([
    ['/** What a rule may cost. */', 'begins with "What"'],
    ['  /** Whether it is on. */', 'begins with "Whether"'],
    ['/**\n * How long to wait.\n */', 'begins with "How"'],
    ["// options that can't be meant", 'invalid options'],
    ['this is no list', '"is not a"'],
    ['mend or remove one of the two', '"fix"'],
    ['an audience nobody gets to', '"is never reached"'],
    ['a new seed deals everybody anew', '"reshuffle"'],
    ['you shall not pass', '"must"'],
  ])('rejects %j', (text, problem) => {
    expect(proseProblems('a.ts', text)).toEqual([expect.stringContaining(problem)]);
  });

  it.each([
    '/** Returns what the rule costs. */',
    '/**\n * Waits.\n * How long it waits depends on the option.\n */',
    'there is no list',
    'it is no longer used',
    '"recommended", "amendment", "marshall"',
    '// What follows is fast.',
  ])('accepts %j', (text) => {
    expect(proseProblems('a.ts', text)).toEqual([]);
  });

  it('gives the file and the line', () => {
    expect(proseProblems('docs/a.md', '# Title\n\nIt shall work.')).toEqual([
      expect.stringMatching(/^docs\/a\.md:3: /),
    ]);
  });
});
