import { textOf, warned, warnedText } from './warned.ts';

const UNREACHABLE = 'identity-unreachable: ';

const two = (one: unknown, other: unknown, seed = 'spring'): string =>
  JSON.stringify(
    [one, other].map((identity, i) => ({
      ...(JSON.parse(textOf({})) as { experiments: [object] }).experiments[0],
      name: `e${i + 1}`,
      seed,
      identity,
    })),
  );

describe('the warnings about lists of identities', () => {
  const context = {
    properties: {
      user: { properties: { id: { type: 'integer' } } },
      tenant: { properties: { id: { type: 'string' } }, required: ['id'] },
      region: { properties: { id: { type: 'string' } }, required: ['id'] },
      device: { type: 'string' },
      account: { properties: { id: { type: ['string', 'null'] } }, required: ['id'] },
    },
    required: ['tenant', 'account'],
  };

  it.each<[readonly string[], string]>([
    [
      ['anonymous', 'user.id'],
      '"anonymous" is available to every visitor who may be recognised, so user.id never decides; move "anonymous" to the end of the list',
    ],
    [
      ['user.id', 'anonymous', 'tenant.id', 'device'],
      '"anonymous" is available to every visitor who may be recognised, so tenant.id, device never decide; move "anonymous" to the end of the list',
    ],
    [
      ['tenant.id', 'user.id', 'anonymous'],
      '"tenant.id" is available in every context, so user.id, anonymous never decide; move "tenant.id" to the end of the list',
    ],
  ])('name the identities of %j that never decide', (identity, message) => {
    expect(warned({ identity, context })).toEqual([UNREACHABLE + message]);
  });

  it.each([
    [['user.id', 'anonymous']],
    [['user.id', 'tenant.id']],
    [['device', 'account.id', 'region.id', 'anonymous']],
  ])('are none for %j', (identity) => {
    expect(warned({ identity, context })).toEqual([]);
    expect(warned({ identity })).toEqual([]);
  });

  it('name "anonymous" without a declared context too', () => {
    expect(warned({ identity: ['anonymous', 'user.id'] })).toEqual([
      expect.stringContaining('"anonymous" is available'),
    ]);
  });

  it('name no "anonymous" that the context declares as absent at times', () => {
    const own = { properties: { anonymous: { type: ['string', 'null'] } } };
    expect(warned({ identity: ['anonymous', 'user.id'], context: own })).toEqual([]);
  });

  it('name a misspelt path', () => {
    expect(warned({ identity: ['userId', 'anonymous'] })).toEqual([
      expect.stringContaining(
        'the identity "userId" is not a value that Evenhand provides; did you mean "user.id"?',
      ),
    ]);
  });

  it('name an unguarded rule only if some participant is not a user', () => {
    const rules = ['user.plan == "pro"'];
    const codes = (identity: readonly string[]) =>
      warned({ identity, rules, splits: true }).map((text) => text.split(':', 1)[0]);
    expect(codes(['user.id', 'anonymous'])).toEqual(['user-unguarded']);
    expect(codes(['user.id', 'user.email'])).toEqual([]);
  });

  it.each([
    [
      ['user.id', 'anonymous'],
      ['user.id', 'anonymous'],
      'the seed "spring" and the identity user.id or anonymous are also those of "e1", so a participant has the same bucket in both and the variant in one predicts the variant in the other; give "e2" its own seed, unless it continues "e1"',
    ],
    [
      ['user.id', 'anonymous'],
      'anonymous',
      'the seed "spring" is also that of "e1", so a participant whom both identify by anonymous has the same bucket in both and the variant in one predicts the variant in the other; give "e2" its own seed, unless it continues "e1"',
    ],
    [
      'user.id',
      ['tenant.id', 'user.id'],
      'the seed "spring" is also that of "e1", so a participant whom both identify by user.id has the same bucket in both and the variant in one predicts the variant in the other; give "e2" its own seed, unless it continues "e1"',
    ],
  ])('name the seed that %j and %j share', (one, other, message) => {
    expect(warnedText(two(one, other))).toEqual([`same-seed: ${message}`]);
  });

  it('name no seed of lists that share no path', () => {
    expect(warnedText(two(['a', 'b'], ['c', 'anonymous']))).toEqual([]);
  });
});
