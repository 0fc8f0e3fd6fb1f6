import { inspect } from 'node:util';
import { problemOf, reasonOf } from '../../../../src/integrations/redis/connection/reason.ts';

describe('reasonOf', () => {
  it.each([
    [
      'an error',
      new Error('connect ECONNREFUSED 127.0.0.1:6379'),
      'connect ECONNREFUSED 127.0.0.1:6379',
    ],
    ['several addresses', new AggregateError([new Error('refused')]), 'refused'],
    [
      'a transaction',
      Object.assign(new Error('2 failed'), { replies: ['OK', new Error('OOM')] }),
      'OOM',
    ],
    ['a transaction of nothing', Object.assign(new Error('failed'), { replies: ['OK'] }), 'failed'],
    ['an empty message', new Error(''), 'the client gave no reason'],
    ['a text', 'no', 'no'],
    ['nothing', undefined, 'undefined'],
    ['what would forge a log', new Error('a\nb\u2028c'), 'a b c'],
    [
      'a command that is not known',
      new Error("ERR unknown command 'AUTH', with args beginning with: 's3cret' \n'x'"),
      "ERR unknown command 'AUTH'",
    ],
  ])('gives what is wrong of %s', (_what, thrown, reason) => {
    expect(reasonOf(thrown)).toBe(reason);
  });

  it('is short', () => {
    expect(reasonOf(new Error('x'.repeat(10_000)))).toHaveLength(200);
  });
});

describe('problemOf', () => {
  it('does not have what a client was given', () => {
    const command = { name: 'auth', args: ['s3cret'] };
    const problem = problemOf('redis:key', Object.assign(new Error('WRONGPASS no'), { command }));
    expect(inspect(problem)).not.toContain('s3cret');
    expect(problem).toBe('redis:key: WRONGPASS no');
  });

  it('says what to do about a key that holds something else', () => {
    expect(problemOf('redis:key', new Error('WRONGTYPE Operation'))).toBe(
      'redis:key: WRONGTYPE Operation; use another key',
    );
  });
});
