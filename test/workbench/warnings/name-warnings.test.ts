import { parseConfig } from '../../../src/cli/files/config-file.ts';
import { findWarnings } from '../../../src/cli/files/find-warnings.ts';
import { textOf, warned } from './warned.ts';

describe('nameWarnings', () => {
  it.each([
    ['userId', 'user.id'],
    ['userID', 'user.id'],
    ['user_id', 'user.id'],
    ['userid', 'user.id'],
    ['UserId', 'user.id'],
    ['id', 'user.id'],
    ['users.id', 'user.id'],
    ['uesr.id', 'user.id'],
    ['usr.id', 'user.id'],
    ['User.id', 'user.id'],
    ['user.ID', 'user.id'],
    ['user.Id', 'user.id'],
    ['req.user.id', 'user.id'],
    ['users.email', 'user.email'],
    ['annonymous', 'anonymous'],
    ['anonymus', 'anonymous'],
    ['Anonymous', 'anonymous'],
    ['anonymous_id', 'anonymous'],
    ['anonymousId', 'anonymous'],
    ['anonymous.id', 'anonymous'],
    ['anon', 'anonymous'],
    ['radnom', 'random'],
    ['Random', 'random'],
    ['rand', 'random'],
  ])('suggests for the identity %s: %s', (identity, meant) => {
    expect(warned({ identity })).toEqual([
      `misspelt-name: the identity "${identity}" is not a value that Evenhand provides; did you mean "${meant}"? ` +
        `If your ${identity.startsWith('user.') ? 'users have it' : 'application provides it'}, declare it in "context"`,
    ]);
  });

  it.each([
    'user.id',
    'anonymous',
    'random',
    'tenant.id',
    'account.id',
    'org.id',
    'session.id',
    'device_id',
    'visitor',
    'company',
    'user.uid',
    'user.uuid',
    'user._id',
    'user.email',
    'user.account.id',
    'super.id',
    'autonomous',
  ])('accepts the identity %s', (identity) => {
    expect(warned({ identity })).toEqual([]);
  });

  it.each([
    ['user.is_authentcated', 'user.is_authenticated'],
    ['user.isAuthenticated', 'user.is_authenticated'],
    ['user["isAuthenticated"]', 'user.is_authenticated'],
    ['not user.is_annonymous', 'user.is_anonymous'],
    ['user.isAnonymous', 'user.is_anonymous'],
    ['user.ID == 5', 'user.id'],
    ['users.is_authenticated', 'user'],
    ['uesr.plan == "pro"', 'user'],
    ['is_authenticated', 'user.is_authenticated'],
    ['isAuthenticated and True', 'user.is_authenticated'],
    ['not is_anonymous', 'user.is_anonymous'],
    ['userId == 5', 'user.id'],
    ['user_id in [1, 2]', 'user.id'],
    ['anonymus == "a"', 'anonymous'],
    ['referrer is none', 'None'],
    ['req.user.plan == "pro"', 'user without "req."'],
    ['[x for x in tags if users.id == x] != []', 'user'],
  ])('suggests for the rule %s: %s', (rule, meant) => {
    expect(warned({ rules: [rule] })).toEqual([
      expect.stringMatching(`^misspelt-name: .* did you mean ${meant}\\?`),
    ]);
  });

  it.each([
    'user.is_authenticated and user.is_active',
    'not user.is_anonymous and user.anonymous',
    'user.is_authenticated and user.uid == 5',
    'random > 5',
    'id == 5',
    'owner.count > 5',
    'request.path == "/"',
    '[users for users in groups if users.id == 1] != []',
    'session.users == 5',
  ])('accepts the rule %s', (rule) => {
    expect(warned({ rules: [rule] })).toEqual([]);
  });

  it('accepts names that the context declares', () => {
    const context = {
      properties: {
        userId: { type: 'integer' },
        user: { properties: { isAuthenticated: { type: 'boolean' } } },
      },
      required: ['userId'],
    };
    const rules = ['user.is_authenticated and "isAuthenticated" in user and user.isAuthenticated'];
    expect(warned({ identity: 'userId', rules, context })).toEqual([]);
  });

  it('names each misspelling of a rule once', () => {
    expect(warned({ rules: ['users.a == 1 or users.b == 2'] })).toHaveLength(1);
  });

  it('points at the identity and into the rule', () => {
    const text = textOf({ identity: 'userId', rules: ['a == 1 and users.b == 2'] });
    const config = parseConfig({ origin: 'test', path: undefined, text });
    expect(findWarnings(config, { today: '2026-11-02' })).toEqual([
      expect.objectContaining({
        path: '/experiments/0/identity',
        line: 1,
        column: text.indexOf('"userId"') + 1,
      }),
      expect.objectContaining({
        path: '/experiments/0/audiences/0/rule',
        message: expect.stringContaining('\n  a == 1 and users.b == 2\n             ^^^^^'),
      }),
    ]);
  });

  it('looks at the units of namespaces', () => {
    const namespace = (name: string, unit: unknown) => ({
      name,
      unit,
      segments: 10,
      experiments: [],
      history: [],
    });
    const namespaces = [
      namespace('one', 'userid'),
      namespace('two', ['tenant.id', 'annonymous']),
      namespace('three', ['user.id', 'tenant.id']),
    ];
    const text = JSON.stringify({ experiments: [], namespaces });
    const config = parseConfig({ origin: 'test', path: undefined, text });
    expect(findWarnings(config, { today: '2026-11-02' })).toMatchObject([
      { path: '/namespaces/0/unit', message: expect.stringContaining('did you mean "user.id"?') },
      {
        path: '/namespaces/1/unit/1',
        message: expect.stringContaining('did you mean "anonymous"?'),
      },
    ]);
  });
});
