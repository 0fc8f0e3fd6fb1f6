import { parseExperiments } from '../../src/assignment/parse-experiments.ts';
import { bucketOf } from '../../src/hash/bucket.ts';
import { experiment, thrownBy } from './build.ts';

/** As database drivers have ids: an object whose class says what its text is. */
class ObjectId {
  readonly #hex: string;

  constructor(hex: string) {
    this.#hex = hex;
  }

  toString(): string {
    return this.#hex;
  }
}

class Plan {
  name = 'pro';
}

class Account {
  get id(): number {
    return 42;
  }
}

const bySegments = (identity: string) => parseExperiments([experiment({ identity })]);
const byUserId = bySegments('user.id');

describe('compileIdentity', () => {
  it.each<[string, unknown, string]>([
    ['a string', 'ada', 'ada'],
    ['an empty string', '', ''],
    ['text beyond ASCII', 'Zoë 李 🦉', 'Zoë 李 🦉'],
    ['a whole number', 42, '42'],
    ['minus zero', -0, '0'],
    ['a fraction', 1.5, '1.5'],
    ['a tiny fraction, as Python writes it', 0.00001, '1e-05'],
    ['a huge whole number, with all digits', 1e21, '1000000000000000000000'],
    ['a bigint', 9007199254740993n, '9007199254740993'],
    ['true', true, 'True'],
    ['false', false, 'False'],
    ['an object with a toString of its own', { toString: () => 'own' }, 'own'],
    ['an instance whose class has one', new ObjectId('65f0c0ffee'), '65f0c0ffee'],
  ])('hashes Python’s text of %s', (_, id, text) => {
    const { identity, bucket } = byUserId.participant({ user: { id } }).explain('exp');
    expect(identity).toEqual({ path: 'user.id', text });
    expect(bucket).toBe(bucketOf(text, 'exp'));
  });

  it.each<[string, string, object, string]>([
    ['a value at the top', 'anonymous', { anonymous: 'key' }, 'key'],
    ['several levels', 'a.b.c', { a: { b: { c: 'deep' } } }, 'deep'],
    ['a Map', 'user.id', new Map([['user', new Map([['id', 'mapped']])]]), 'mapped'],
    ['a getter of a class', 'user.id', { user: new Account() }, '42'],
    ['an item of a list', 'ids.1', { ids: ['zero', 'one'] }, 'one'],
    [
      'an object without a prototype',
      'user.id',
      { user: Object.assign(Object.create(null), { id: 7 }) },
      '7',
    ],
    ['a whole object that has a text', 'user', { user: new ObjectId('ff') }, 'ff'],
  ])('follows its path through the context: %s', (_, identity, context, text) => {
    const explained = bySegments(identity).participant(context).explain('exp');
    expect(explained.identity).toEqual({ path: identity, text });
  });

  const mustBe =
    'it must be a string, a finite number, a boolean or an object with its own toString';

  it.each<[string, unknown, string]>([
    ['null', null, `is null; ${mustBe}`],
    ['undefined', undefined, `is undefined; ${mustBe}`],
    ['NaN', Number.NaN, `is NaN; ${mustBe}`],
    ['an infinite number', Number.NEGATIVE_INFINITY, `is -Infinity; ${mustBe}`],
    ['a plain object', { id: 1 }, `is an object without its own toString; ${mustBe}`],
    ['a list', [1], `is a list; ${mustBe}`],
    ['a Date', new Date(0), `is a Date; ${mustBe}`],
    ['bytes', Buffer.from('ada'), `is binary data (Buffer); ${mustBe}`],
    [
      'an instance',
      new Plan(),
      `is an object of the class Plan without its own toString; ${mustBe}`,
    ],
    ['a symbol', Symbol('ada'), `is a symbol; ${mustBe}`],
    [
      'a toString that gives no text',
      { toString: () => 7 },
      `is an object whose toString() does not return a string; ${mustBe}`,
    ],
    ['a function, which is invisible', () => 'ada', `is a function; ${mustBe}`],
  ])('rejects %s with an IdentityError', (_, id, reason) => {
    const error = thrownBy(() => byUserId.participant({ user: { id } }).variant('exp'));
    expect(error).toMatchObject({
      name: 'IdentityError',
      code: 'identity',
      experiment: 'exp',
      identity: 'user.id',
      reason,
      message: expect.stringContaining(`experiment "exp": the identity "user.id" ${reason}\n`),
    });
  });

  it.each<[string, string, object, string]>([
    ['the value itself', 'user.id', { user: {} }, 'is not in the context'],
    [
      'a misspelt key',
      'user.uuid',
      { user: { uid: 7, __proto__: { uuids: 1 } } },
      'is not in the context; did you mean "uid"?',
    ],
    [
      'an attribute of a user who is not logged in',
      'user.tenant',
      { user: { id: null, is_authenticated: false, is_anonymous: true } },
      'is not in the context of a user who is not logged in',
    ],
    ['a part of the way', 'user.id', {}, 'is missing: "user" is not in the context'],
    ['a part of a longer way', 'a.b.c', { a: {} }, 'is missing: "a.b" is not in the context'],
    ['what is null on the way', 'user.id', { user: null }, 'is not in the context'],
    ['a method', 'user.toString', { user: new ObjectId('ff') }, 'is not in the context'],
    ['the constructor', 'user.constructor', { user: new Account() }, 'is not in the context'],
    ['the prototype', 'user.__proto__', { user: { id: 1 } }, 'is not in the context'],
  ])('reports the missing part: %s', (_, identity, context, reason) => {
    expect(() => bySegments(identity).participant(context).variant('exp')).toThrow(
      `experiment "exp": the identity "${identity}" ${reason}`,
    );
  });

  it('finds an own value of any name', () => {
    const user: unknown = JSON.parse('{"__proto__": "own", "constructor": "mine"}');
    const textOf = (identity: string) =>
      bySegments(identity).participant({ user }).explain('exp').identity?.text;
    expect(textOf('user.__proto__')).toBe('own');
    expect(textOf('user.constructor')).toBe('mine');
  });

  it('passes on what an identity’s own toString throws', () => {
    const reason = new Error('no text today');
    const id = {
      toString(): string {
        throw reason;
      },
    };
    expect(thrownBy(() => byUserId.participant({ user: { id } }).variant('exp'))).toBe(reason);
  });
});
