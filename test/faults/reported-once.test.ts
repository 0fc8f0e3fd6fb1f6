import { parseExperiments } from '../../src/assignment/parse-experiments.ts';
import { RuleError } from '../../src/errors/rule-error.ts';
import { compileRule } from '../../src/rules/compile/compile.ts';

const allocations = [{ variant: 'a', percent: 100 }];

describe('onError fallback', () => {
  it('reports each fault once, whatever the requests contain', () => {
    const errors: string[] = [];
    const logger = { warn: () => {}, error: (message: string) => void errors.push(message) };
    const config = ['first', 'second'].map((name) => ({
      name,
      identity: 'user.id',
      variants: [{ name: 'a' }],
      audiences: [{ rule: 'flags[country] == 1', allocations }, { allocations }],
    }));
    const snapshot = parseExperiments(config, { logger, onError: 'fallback' });
    for (let i = 0; i < 3000; i++) {
      snapshot.participant({ flags: {}, country: `made-up ${i}` }).variant('first');
    }
    snapshot.participant({ flags: {}, country: 'x' }).variant('second');
    expect(errors).toHaveLength(2);
    expect(errors[1]).toContain('"second"');
  });
});

describe('RuleError.range', () => {
  it('is a position, and not a part of the syntax tree', () => {
    let thrown: unknown;
    try {
      compileRule('locale == "en-US"')({});
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(RuleError);
    expect((thrown as RuleError).range).toStrictEqual({ start: 0, end: 6 });
  });
});
