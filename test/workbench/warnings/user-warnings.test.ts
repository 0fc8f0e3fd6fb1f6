import { warned, warnedText } from './warned.ts';

describe('userWarnings', () => {
  it.each([
    ['user.plan == "pro"', 'plan'],
    ['user["plan"] == "pro"', 'plan'],
    ['locale == "en" and user.plan == "pro"', 'plan'],
    ['user.plan == "pro" and user.is_authenticated', 'plan'],
    ['not user.is_authenticated and user.plan == "pro"', 'plan'],
    ['user.is_authenticated or user.plan == "pro"', 'plan'],
    ['user.is_anonymous and user.plan == "pro"', 'plan'],
    ['user.id is None and user.plan == "pro"', 'plan'],
    ['user.is_authenticated == False and user.plan == "pro"', 'plan'],
    ['locale == "en" if user.is_authenticated else user.plan == "pro"', 'plan'],
    ['"beta" in user.tags', 'tags'],
    ['user.email[-6:] == "@x.com"', 'email'],
    ['[tag for tag in user.tags if tag == "b"] != []', 'tags'],
    ['user and user.plan == "pro"', 'plan'],
    ['(user.is_authenticated or locale == "en") and user.plan == "pro"', 'plan'],
    ['user.is_authenticated != True == user.is_anonymous and user.plan == "pro"', 'plan'],
  ])('warns about %s', (rule, name) => {
    expect(warned({ rules: [rule] })).toEqual([
      expect.stringMatching(
        `^user-unguarded: a visitor who is not logged in has no "${name}", so this rule fails for visitors; write: user.is_authenticated and `,
      ),
    ]);
  });

  it.each([
    'user.is_authenticated and user.plan == "pro"',
    'user.is_authenticated and locale == "en" and user.plan == "pro"',
    'locale == "en" and (user.is_authenticated and user.plan == "pro")',
    'not user.is_anonymous and user.plan == "pro"',
    'not user.is_authenticated or user.plan == "pro"',
    'user.is_anonymous or user.plan == "pro"',
    'user.is_authenticated == True and user.plan == "pro"',
    'user.is_authenticated is True and user.plan == "pro"',
    'user.is_anonymous != True and user.plan == "pro"',
    'False == user.is_anonymous and user.plan == "pro"',
    'user.id is not None and user.plan == "pro"',
    'user.id != None and user.plan == "pro"',
    'user.id and user.plan == "pro"',
    'user.id == 5 and user.plan == "pro"',
    'not (user.id is None) and user.plan == "pro"',
    '"plan" in user and user.plan == "pro"',
    '"plan" not in user or user.plan == "pro"',
    'user.plan == "pro" if user.is_authenticated else False',
    'False if user.is_anonymous else user.plan == "pro"',
    '[tag for tag in ["b"] if user.is_authenticated if tag in user.tags] != []',
    'user.id in [1, 2]',
    'user.is_authenticated',
    'tenant.plan == "pro"',
    'tenant.user.plan == "pro"',
  ])('accepts %s', (rule) => {
    expect(warned({ rules: [rule] })).toEqual([]);
  });

  it('repeats the rule with the guard', () => {
    const [first] = warned({ rules: ["user.plan == 'pro'"] });
    expect(first).toContain("write: user.is_authenticated and user.plan == 'pro'. If every");
    const [either] = warned({ rules: ["locale == 'en' or user.plan == 'pro'"] });
    expect(either).toContain('write: user.is_authenticated and …. If every');
  });

  it('counts a guard in an earlier audience', () => {
    expect(warned({ rules: ['not user.is_authenticated', 'user.plan == "pro"'] })).toEqual([]);
    expect(warned({ rules: ['user.is_authenticated', 'user.plan == "pro"'] })).toHaveLength(1);
  });

  it.each([
    ['user.id', true, 0],
    ['user.email', true, 0],
    ['user.id', false, 1],
    ['tenant.id', true, 1],
    ['anonymous', true, 1],
    ['random', true, 1],
  ])('expects visitors with the identity %s, fallback split: %s', (identity, splits, count) => {
    expect(warned({ identity, splits, rules: ['user.plan == "pro"'] })).toHaveLength(count);
  });

  it('leaves a declared user to the checks of types, which know earlier audiences too', () => {
    const properties = { user: { properties: { plan: { type: 'string' } }, required: ['plan'] } };
    const rules = ['user.plan == "pro"'];
    expect(warned({ context: { properties }, rules })).toEqual([
      expect.stringMatching(
        /^rule-doubtful: this may fail: a user who is not logged in may have no "plan"/,
      ),
    ]);
    const guarded = ['user.is_anonymous', ...rules];
    expect(warned({ context: { properties }, rules: guarded })).toEqual([]);
    const members = {
      user: {
        properties: { plan: { type: 'string' }, is_authenticated: { const: true } },
        required: ['plan'],
      },
    };
    expect(warned({ context: { properties: members }, rules })).toEqual([]);
  });

  it('gives an experiment with two mistakes a warning about each', () => {
    const found = warned({ identity: 'userId', rules: ['user.plan == pro'] });
    expect(found.map((text) => text.split(':', 1)[0])).toEqual([
      'misspelt-name',
      'unquoted-word',
      'user-unguarded',
    ]);
  });

  it('ignores switches and lists without rules', () => {
    expect(warnedText('["a:on", "b:off"]')).toEqual([]);
  });
});
