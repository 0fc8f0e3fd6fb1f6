import { createClient } from '../../src/client/client.ts';
import { DecisionErrors } from '../../src/client/decision-errors.ts';
import { healthOf } from '../../src/client/status.ts';
import { RuleError } from '../../src/errors/rule-error.ts';
import { ContextError } from '../../src/errors/usage-errors.ts';
import { audience, experiment, thrownBy } from '../assignment/build.ts';
import { closing } from '../closing.ts';
import { FakeSource } from '../sources/fake-source.ts';

const MINUTE = 60_000;

const byPlan = (name: string, rule = 'user.paln == "pro"') =>
  experiment({ name, audiences: [audience({ a: 100 }, rule), audience({ b: 100 })] });

const user = { id: 7, plan: 'pro' };

const checkout = {
  name: 'checkout',
  unit: 'user.id',
  segments: 10,
  defaults: { size: 1 },
  experiments: [{ name: 'first', variants: [{ name: 'big', weight: 1, values: { size: 2 } }] }],
  history: [{ add: 'first', segments: 10 }],
};

/** A source whose specification the test replaces. */
function changing(first: unknown) {
  let revision = 1;
  let data = first;
  const answer = () => ({ data, origin: 'test', revision: String(revision) });
  return {
    source: new FakeSource(answer, { intervalMs: 100 }),
    replace: async (next: unknown): Promise<void> => {
      data = next;
      revision++;
      await jest.advanceTimersByTimeAsync(1000);
    },
  };
}

beforeEach(() => {
  jest.useFakeTimers({ now: Date.parse('2027-01-31T12:00:00Z') });
});

afterEach(() => {
  jest.useRealTimers();
});

describe('DecisionErrors', () => {
  const error = (message = 'no plan') => new ContextError(message);

  it('counts by experiment and code', () => {
    const errors = new DecisionErrors();
    errors.note(error('first'), { experiment: 'one' });
    jest.advanceTimersByTime(1000);
    errors.note(error('second'), { experiment: 'one' });
    errors.note(new RuleError('name', 'x', 'x', { start: 0, end: 1 }), { experiment: 'one' });
    jest.advanceTimersByTime(1000);
    errors.note(error(), { namespace: 'one' });
    errors.note(error(), {});
    expect(errors.total).toBe(5);
    expect(errors.counts()).toEqual([
      { experiment: 'one', code: 'context', count: 2 },
      { experiment: 'one', code: 'name', count: 1 },
      { namespace: 'one', code: 'context', count: 1 },
      { code: 'context', count: 1 },
    ]);
    expect(errors.failing()).toContainEqual({
      experiment: 'one',
      code: 'context',
      count: 2,
      firstAt: '2027-01-31T12:00:00.000Z',
      lastAt: '2027-01-31T12:00:01.000Z',
      message: 'second',
    });
  });

  it('lists the last failure first', () => {
    const errors = new DecisionErrors();
    for (const experiment of ['one', 'two', 'one']) {
      jest.advanceTimersByTime(1);
      errors.note(error(), { experiment });
    }
    expect(errors.failing().map(({ experiment }) => experiment)).toEqual(['one', 'two']);
  });

  it('forgets a part that has not failed for ten minutes, and keeps its count', () => {
    const errors = new DecisionErrors();
    errors.note(error(), { experiment: 'one' });
    jest.advanceTimersByTime(10 * MINUTE - 1);
    expect(errors.failing()).toHaveLength(1);
    jest.advanceTimersByTime(1);
    expect(errors.failing()).toEqual([]);
    expect(errors.counts()).toHaveLength(1);
    errors.note(error(), { experiment: 'one' });
    expect(errors.failing()).toEqual([expect.objectContaining({ count: 2 })]);
  });

  it('forgets a part that was changed, until it fails again', () => {
    const errors = new DecisionErrors();
    errors.note(error(), { experiment: 'one' });
    errors.note(error(), { experiment: 'two' });
    errors.forget(({ experiment }) => experiment === 'one');
    expect(errors.failing().map(({ experiment }) => experiment)).toEqual(['two']);
    expect(errors.total).toBe(2);
    errors.note(error(), { experiment: 'one' });
    expect(errors.failing()).toHaveLength(2);
  });

  it('is bounded, and its counts add up to the total', () => {
    const errors = new DecisionErrors();
    for (let i = 0; i < 10_000; i++) errors.note(error(), { experiment: `e${i}` });
    const counts = errors.counts();
    expect(counts).toHaveLength(201);
    expect(counts.at(-1)).toEqual({ code: undefined, count: 9800 });
    expect(errors.failing()).toHaveLength(200);
  });
});

describe.each(['throw', 'fallback'] as const)('a client with onError: %s', (onError) => {
  const clientOf = (source: unknown, hooks = {}) =>
    closing(createClient({ source: source as object, onError, logger: false, hooks }));

  /** Asks, and ignores an error. */
  const ask = (run: () => unknown): void => {
    try {
      run();
    } catch {
      expect(onError).toBe('throw');
    }
  };

  it('has the experiments that fail in its status, and is degraded but ready', () => {
    const client = clientOf([byPlan('one'), byPlan('two', 'user.plan == "pro"')]);
    expect(client.status()).toMatchObject({ state: 'ready', failing: [] });
    for (let i = 0; i < 3; i++) {
      const who = client.participant({ user });
      ask(() => who.variant('one'));
      ask(() => who.variant('two'));
    }
    const status = client.status();
    expect(status).toMatchObject({ state: 'degraded', ready: true });
    expect(status.failing).toEqual([
      {
        experiment: 'one',
        code: 'attribute',
        count: 3,
        firstAt: '2027-01-31T12:00:00.000Z',
        lastAt: '2027-01-31T12:00:00.000Z',
        message: expect.stringContaining('experiment "one": an object has no attribute "paln"'),
      },
    ]);
    expect(healthOf(status)).toMatchObject({ state: 'degraded', ready: true, failing: 1 });
    expect(JSON.stringify(healthOf(status))).not.toMatch(/one|paln|attribute/);
    jest.advanceTimersByTime(10 * MINUTE);
    expect(client.status()).toMatchObject({ state: 'ready', failing: [] });
  });

  it('is degraded until the experiment that fails is changed', async () => {
    const { source, replace } = changing([byPlan('one'), byPlan('two')]);
    const client = clientOf(source);
    const askBoth = () => {
      for (const name of ['one', 'two']) ask(() => client.participant({ user }).variant(name));
    };
    const failing = () => client.status().failing.map(({ experiment: name }) => name);
    askBoth();
    await replace([byPlan('one', 'user.plan == "pro"'), byPlan('two'), 'other:on']);
    expect(client.status().revision).toBe('2');
    expect(failing()).toEqual(['two']);
    askBoth();
    expect(failing()).toEqual(['two']);
    await replace(['other:on']);
    expect(client.status()).toMatchObject({ revision: '3', state: 'ready', failing: [] });
  });

  it('counts a namespace that fails, until it is changed', async () => {
    const { source, replace } = changing({ experiments: ['a:on'], namespaces: [checkout] });
    const client = clientOf(source);
    ask(() => client.participant({}).namespace('checkout').get('size'));
    expect(client.status().failing).toEqual([
      expect.objectContaining({ namespace: 'checkout', code: 'namespace', count: 1 }),
    ]);
    await replace({ experiments: ['a:off'], namespaces: [checkout] });
    expect(client.status().failing).toHaveLength(1);
    await replace({ experiments: ['a:off'], namespaces: [{ ...checkout, defaults: { size: 3 } }] });
    expect(client.status()).toMatchObject({ revision: '3', failing: [] });
  });

  it('calls hooks.error with each failed decision', () => {
    const error = jest.fn();
    const decision = jest.fn();
    const source = { experiments: [byPlan('one'), 'a:on'], namespaces: [checkout] };
    const client = clientOf(source, { error, decision });
    const who = client.participant({ user: { id: null } });
    ask(() => who.variant('one'));
    ask(() => who.variant('a'));
    ask(() => who.namespace('checkout').get('size'));
    expect(error.mock.calls).toEqual([
      [
        expect.objectContaining({ code: 'attribute', experiment: 'one' }),
        { experiment: 'one', participant: who },
      ],
      [
        expect.objectContaining({ code: 'namespace', namespace: 'checkout' }),
        { namespace: 'checkout', participant: who },
      ],
    ]);
    const decided = decision.mock.calls.map(([made]) => made.experiment as string);
    expect(decided).toEqual(onError === 'throw' ? ['a'] : ['one', 'a']);
  });

  it('gives hooks.error what a context value threw as the cause', () => {
    const error = jest.fn();
    const client = clientOf([byPlan('one')], { error });
    const cause = new TypeError('no database');
    const context = {
      get user() {
        throw cause;
      },
    };
    ask(() => client.participant(context).variant('one'));
    expect(error).toHaveBeenCalledWith(
      expect.objectContaining({ code: 'context', cause }),
      expect.objectContaining({ experiment: 'one' }),
    );
  });

  it('survives a hook that throws, rejects, or asks for the decision that failed', async () => {
    const hooks = [
      () => {
        throw new Error('hook');
      },
      () => Promise.reject(new Error('hook')),
      (_: unknown, { participant }: { participant: { variant(name: string): unknown } }) =>
        participant.variant('one'),
    ];
    for (const error of hooks) {
      const client = clientOf([byPlan('one')], { error });
      const who = client.participant({ user });
      const answer =
        onError === 'fallback' ? who.variant('one') : thrownBy(() => who.variant('one'));
      const isExpected = onError === 'fallback' ? answer === 'b' : answer instanceof RuleError;
      expect(isExpected).toBe(true);
    }
    await jest.advanceTimersByTimeAsync(0);
  });
});

describe('a client whose fallback audience fails after a rule', () => {
  const spec = experiment({
    name: 'one',
    audiences: [audience({ a: 100 }, 'user.paln == "pro"'), audience({ a: 50, b: 50 })],
  });

  it('counts and shows both causes', () => {
    const error = jest.fn();
    const client = closing(
      createClient({ source: [spec], onError: 'fallback', logger: false, hooks: { error } }),
    );
    const who = client.participant({ user: { plan: 'pro' } });
    expect(who.variant('one')).toBeUndefined();
    const codes = ['attribute', 'identity'];
    expect(
      client
        .status()
        .failing.map(({ code }) => code)
        .toSorted(),
    ).toEqual(codes);
    expect(error.mock.calls).toEqual(
      codes.map((code) => [
        expect.objectContaining({ code, experiment: 'one' }),
        { experiment: 'one', participant: who },
      ]),
    );
    const samplesOf = (name: string) =>
      client.metrics().find((metric) => metric.name === name)?.samples;
    expect(samplesOf('evenhand.decision.errors')).toMatchObject([{ value: 2 }]);
    expect(samplesOf('evenhand.experiment.errors')).toMatchObject(
      codes.map((code) => ({ value: 1, labels: { experiment: 'one', code } })),
    );
  });

  it('counts once an identity that both audiences need', () => {
    const twice = experiment({
      name: 'one',
      audiences: [audience({ a: 50, b: 50 }, 'True'), audience({ a: 20, b: 80 })],
    });
    const client = closing(createClient({ source: [twice], onError: 'fallback', logger: false }));
    expect(client.participant({}).variant('one')).toBeUndefined();
    expect(client.status().failing).toMatchObject([{ code: 'identity', count: 1 }]);
  });
});
