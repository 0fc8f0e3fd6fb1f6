import { inspect } from 'node:util';
import {
  problemOf,
  messageWithoutSecrets,
} from '../../../../src/integrations/redis/connection/reason.ts';

describe('messageWithoutSecrets', () => {
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
    [
      'a transaction without errors',
      Object.assign(new Error('failed'), { replies: ['OK'] }),
      'failed',
    ],
    ['an empty message', new Error(''), 'the client gave no reason'],
    ['a text', 'no', 'no'],
    ['nothing', undefined, 'undefined'],
    ['a text that would forge log lines', new Error('a\nb\u2028c'), 'a b c'],
    [
      'a command that is not known',
      new Error("ERR unknown command 'AUTH', with args beginning with: 's3cret' \n'x'"),
      "ERR unknown command 'AUTH'",
    ],
  ])('returns the message of %s', (_what, thrown, reason) => {
    expect(messageWithoutSecrets(thrown)).toBe(reason);
  });

  it('shortens long messages', () => {
    expect(messageWithoutSecrets(new Error('x'.repeat(10_000)))).toHaveLength(200);
  });
});

describe('problemOf', () => {
  it('omits the arguments that were given to the client', () => {
    const command = { name: 'auth', args: ['s3cret'] };
    const problem = problemOf('redis:key', Object.assign(new Error('WRONGPASS no'), { command }));
    expect(inspect(problem)).not.toContain('s3cret');
    expect(problem).toBe('redis:key: WRONGPASS no');
  });

  it('adds a remedy for a key that holds another type', () => {
    expect(problemOf('redis:key', new Error('WRONGTYPE Operation'))).toBe(
      'redis:key: WRONGTYPE Operation; use another key',
    );
  });
});
