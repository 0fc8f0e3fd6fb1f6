import { ownError } from '../../src/errors/evenhand-error.ts';
import { showValue } from '../../src/errors/show-value.ts';
import { SourceError } from '../../src/errors/store-errors.ts';
import {
  isReadable,
  kindOfThrown,
  thrownMessage,
  thrownProperty,
} from '../../src/errors/thrown.ts';
import { isThenable, watchRejection } from '../../src/runtime/thenable.ts';
import { hostileNames, hostileValues, thenable } from '../generators/hostile-values.ts';

describe.each(hostileNames)('for %s', (name) => {
  const value: unknown = hostileValues[name]?.();

  it('reading it never throws', () => {
    expect(thrownMessage(value).length).toBeLessThan(11_000);
    expect(typeof kindOfThrown(value)).toBe('string');
    expect(typeof showValue(value)).toBe('string');
    expect(typeof isReadable(value)).toBe('boolean');
    expect(typeof isThenable(value)).toBe('boolean');
    expect(ownError(value)).toBeUndefined();
    for (const property of ['permanent', 'retryAfterMs', 'cause', 'message', 'stack']) {
      expect(() => thrownProperty(value, property)).not.toThrow();
    }
  });

  it('watching it as the result of a callback never throws', async () => {
    const rejected = jest.fn();
    expect(() => watchRejection(value, rejected)).not.toThrow();
    await new Promise((resolve) => setImmediate(resolve));
    expect(rejected.mock.calls.length).toBeLessThanOrEqual(1);
  });
});

describe('thrownMessage', () => {
  it('cuts a message after 10,000 characters', () => {
    expect(thrownMessage(new Error('x'.repeat(20_000)))).toBe(`${'x'.repeat(10_000)}…`);
  });
});

describe('kindOfThrown', () => {
  it.each([
    [new TypeError('x'), 'TypeError'],
    ['text', 'string'],
    [undefined, 'undefined'],
    [null, 'object'],
    [Object.create(null), 'object'],
  ])('names the class or the type of %p', (value, kind) => {
    expect(kindOfThrown(value)).toBe(kind);
  });
});

describe('ownError', () => {
  it("returns one of Evenhand's errors, also of a class made from it", () => {
    class OwnSourceError extends SourceError {}
    for (const error of [new SourceError('down'), new OwnSourceError('down')]) {
      expect(ownError(error)).toBe(error);
    }
  });

  it('does not return a Proxy for one, or one whose properties were replaced by getters', () => {
    const error = new SourceError('down');
    expect(ownError(new Proxy(error, {}))).toBeUndefined();
    Object.defineProperty(error, 'message', { get: () => 'changed' });
    expect(ownError(error)).toBeUndefined();
    const noText = Object.assign(new SourceError('down'), { message: Symbol('down') });
    expect(ownError(noText)).toBeUndefined();
  });
});

describe('isThenable', () => {
  it('accepts objects and functions with a then method', () => {
    expect(isThenable(Promise.resolve())).toBe(true);
    expect(isThenable(thenable(() => {}))).toBe(true);
    const withThen: unknown = Object.setPrototypeOf(
      () => {},
      thenable(() => {}),
    );
    expect(isThenable(withThen)).toBe(true);
    expect(isThenable(thenable('no function'))).toBe(false);
  });
});
