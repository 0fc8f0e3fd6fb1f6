import { contextWarnings } from '../../../src/specification/context/context-checks.ts';

const audience = (rule?: string) => ({
  ...(rule !== undefined && { rule }),
  allocations: [{ variant: 'a', percent: 100 }],
});

const specification = (rule: string) => ({
  context: { properties: { country: { type: 'string' } } },
  experiments: [
    'search:on',
    {
      name: 'x',
      identity: 'user.id',
      variants: [{ name: 'a' }],
      audiences: [audience(rule), audience()],
    },
  ],
});

describe('contextWarnings', () => {
  it('returns likely failures with their place in the rule', () => {
    expect(contextWarnings(specification('country > "CA"'))).toEqual([
      {
        path: '/experiments/1/audiences/0/rule',
        message:
          'this may fail: ">" can\'t compare None with a string; write country is not None and …\n' +
          '  country > "CA"\n' +
          '  ^^^^^^^^^^^^^^',
      },
    ]);
  });

  it('returns nothing for a rule that fits, or without a declared context', () => {
    expect(contextWarnings(specification('user.is_authenticated'))).toEqual([]);
    expect(contextWarnings(specification('country == "CA"'))).toEqual([]);
    expect(contextWarnings(specification('country is not None and country > "CA"'))).toEqual([]);
    expect(contextWarnings(specification('country == "CA"').experiments)).toEqual([]);
    expect(contextWarnings({ experiments: specification('country == 5').experiments })).toEqual([]);
  });
});
