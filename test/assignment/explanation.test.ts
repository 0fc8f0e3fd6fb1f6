import { parseExperiments } from '../../src/assignment/parse-experiments.ts';
import { audience, drawing, experiment, recordingLogger } from './build.ts';
import { bucket, half, spec } from './explained.ts';

const snapshot = parseExperiments([spec]);

describe('participant.explain', () => {
  it('reports an unknown experiment', () => {
    const logger = recordingLogger();
    const participant = parseExperiments([], { logger }).participant();
    expect(participant.explain('nope')).toEqual({
      experiment: 'nope',
      reason: 'unknown-experiment',
      overridden: false,
      audiences: [],
      error: 'there is no experiment of this name',
    });
    expect(logger.warnings).toEqual([]);
  });

  it('shows an override, and evaluates nothing else', () => {
    const participant = snapshot.participant({}, { overrides: { exp: 'b' } });
    expect(participant.explain('exp')).toEqual({
      experiment: 'exp',
      variant: 'b',
      reason: 'override',
      overridden: true,
      audiences: [],
    });
  });

  it('ignores an override of an undeclared variant', () => {
    const context = { user: { id: 7, plan: 'free' }, country: 'FI' };
    const participant = snapshot.participant(context, { overrides: { exp: 'typo' } });
    expect(participant.explain('exp')).toEqual(snapshot.participant(context).explain('exp'));
  });

  it('shows the audience that matched, with the clauses and values that decided', () => {
    const participant = snapshot.participant({ user: { id: 7, plan: 'pro', age: 30 } });
    expect(participant.explain('exp')).toEqual({
      experiment: 'exp',
      variant: 'a',
      reason: 'allocation',
      overridden: false,
      audiences: [
        {
          audience: 0,
          rule: 'user.plan == "pro" and 18 <= user.age < 65',
          outcome: 'matched',
          clauses: [
            { clause: 'user.plan == "pro"', outcome: true, values: { 'user.plan': 'pro' } },
            { clause: '18 <= user.age < 65', outcome: true, values: { 'user.age': 30 } },
          ],
        },
      ],
      audience: 0,
      identity: { path: 'user.id', text: '7' },
      seed: 's1',
      bucket,
      allocation: { variant: 'a', from: 0, to: 99 },
    });
  });

  it('shows every audience that was tried before', () => {
    const context = { user: { id: 7, plan: 'pro', age: 70 }, country: 'SE' };
    expect(snapshot.participant(context).explain('exp')).toEqual({
      experiment: 'exp',
      variant: half(30).variant,
      reason: 'allocation',
      overridden: false,
      audiences: [
        {
          audience: 0,
          rule: 'user.plan == "pro" and 18 <= user.age < 65',
          outcome: 'not-matched',
          clauses: [{ clause: '18 <= user.age < 65', outcome: false, values: { 'user.age': 70 } }],
        },
        {
          audience: 1,
          rule: 'country in ["SE", "NO"]',
          outcome: 'matched',
          clauses: [
            { clause: 'country in ["SE", "NO"]', outcome: true, values: { country: 'SE' } },
          ],
        },
      ],
      audience: 1,
      identity: { path: 'user.id', text: '7' },
      seed: 's1',
      bucket,
      allocation: half(30),
    });
  });

  it('shows that the fallback audience decided', () => {
    const context = { user: { id: 7, plan: 'free', age: 30 }, country: 'FI' };
    expect(snapshot.participant(context).explain('exp')).toMatchObject({
      variant: half(10).variant,
      reason: 'allocation',
      audiences: [
        { audience: 0, outcome: 'not-matched' },
        { audience: 1, outcome: 'not-matched' },
        { audience: 2, outcome: 'fallback', clauses: [] },
      ],
      audience: 2,
      allocation: half(10),
    });
  });

  it('shows the drawn bucket for the identity random', () => {
    const random = experiment({ identity: 'random', audiences: [audience({ a: 20, b: 80 })] });
    const drawn = parseExperiments([random], { random: drawing(20) });
    expect(drawn.participant().explain('exp')).toEqual({
      experiment: 'exp',
      variant: 'b',
      reason: 'allocation',
      overridden: false,
      audiences: [{ audience: 0, outcome: 'fallback', clauses: [] }],
      audience: 0,
      identity: { path: 'random' },
      seed: 'exp',
      bucket: 20,
      allocation: { variant: 'b', from: 20, to: 99 },
    });
  });

  it('shows a switch, which needs no identity', () => {
    expect(parseExperiments(['banner:off']).participant().explain('banner')).toEqual({
      experiment: 'banner',
      variant: 'off',
      reason: 'allocation',
      overridden: false,
      audiences: [{ audience: 0, outcome: 'fallback', clauses: [] }],
      audience: 0,
      identity: { path: 'random' },
      seed: 'banner',
      allocation: { variant: 'off', from: 0, to: 99 },
    });
  });

  it('reports that the context has changed since the decision', () => {
    const user = { id: 7, plan: 'free', age: 30 };
    const context = { user, country: 'SE' };
    const participant = snapshot.participant(context);
    const before = participant.explain('exp');
    expect(before).not.toHaveProperty('contextChanged');

    user.plan = 'pro';
    expect(participant.explain('exp')).toMatchObject({
      variant: before.variant,
      audience: 1,
      audiences: [{ audience: 0, outcome: 'matched' }],
      contextChanged: true,
    });

    user.plan = 'free';
    user.id = 8;
    const after = participant.explain('exp');
    expect(after).toMatchObject({
      variant: before.variant,
      bucket,
      allocation: before.allocation,
      contextChanged: true,
    });
    // It is not the text that was hashed.
    expect(after.identity).toEqual({ path: 'user.id' });
  });

  it('makes the decision, which is remembered', () => {
    const random = parseExperiments([experiment({ identity: 'random' })], {
      random: drawing(10, 90),
    });
    const participant = random.participant();
    expect(participant.explain('exp').variant).toBe('a');
    expect(participant.variant('exp')).toBe('a');
  });
});
