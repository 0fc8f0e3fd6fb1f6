import { parseExperiments } from '../../src/assignment/parse-experiments.ts';
import { bucket, half, spec } from './explained.ts';

const snapshot = parseExperiments([spec]);
const quiet = { onError: 'fallback', logger: false } as const;

describe('participant.explain, when something fails', () => {
  it('shows the rule that failed, with onError: throw', () => {
    const explained = snapshot.participant({ user: { id: 7, plan: 'pro' } }).explain('exp');
    expect(explained).toEqual({
      experiment: 'exp',
      reason: 'error',
      overridden: false,
      audiences: [
        {
          audience: 0,
          rule: 'user.plan == "pro" and 18 <= user.age < 65',
          outcome: 'error',
          clauses: [
            { clause: 'user.plan == "pro"', outcome: true, values: { 'user.plan': 'pro' } },
            { clause: '18 <= user.age < 65', outcome: 'error', values: {} },
          ],
          error: expect.stringContaining('has no attribute "age"'),
        },
      ],
      identity: { path: 'user.id', text: '7' },
      seed: 's1',
      bucket,
      error: expect.stringContaining('has no attribute "age"'),
    });
  });

  it('shows the identity that failed, with onError: throw', () => {
    const explained = snapshot
      .participant({ user: { plan: 'free' }, country: 'SE' })
      .explain('exp');
    expect(explained).toEqual({
      experiment: 'exp',
      reason: 'error',
      overridden: false,
      audiences: [
        expect.objectContaining({ audience: 0, outcome: 'not-matched' }),
        expect.objectContaining({ audience: 1, outcome: 'matched' }),
      ],
      identity: { path: 'user.id' },
      seed: 's1',
      error: expect.stringContaining(
        'experiment "exp": the identity "user.id" is not in the context\n',
      ),
    });
  });

  it('shows the error and the decision of the fallback audience after it', () => {
    const participant = parseExperiments([spec], quiet).participant({ user: { id: 7 } });
    expect(participant.explain('exp')).toMatchObject({
      variant: half(10).variant,
      reason: 'allocation',
      audiences: [
        { audience: 0, outcome: 'error' },
        { audience: 2, outcome: 'fallback' },
      ],
      audience: 2,
      bucket,
      allocation: half(10),
      error: expect.stringContaining('has no attribute "plan"'),
    });
  });

  it('shows that the fallback audience failed too', () => {
    const participant = parseExperiments([spec], quiet).participant({ country: 'SE', user: {} });
    expect(participant.explain('exp')).toEqual({
      experiment: 'exp',
      reason: 'error',
      overridden: false,
      audiences: [
        expect.objectContaining({ audience: 0, outcome: 'error' }),
        { audience: 2, outcome: 'fallback', clauses: [] },
      ],
      identity: { path: 'user.id' },
      seed: 's1',
      error: expect.stringContaining(
        'experiment "exp": the identity "user.id" is not in the context\n',
      ),
    });
  });

  it.each([
    [new Error('no database'), 'no database'],
    [undefined, 'undefined'],
    [Object.create(null), "a value that can't be converted to text"],
  ])('never throws, whatever the application’s own getter throws', (reason: unknown, error) => {
    const context = {
      get user() {
        throw reason;
      },
    };
    const explained = snapshot.participant(context).explain('exp');
    expect(explained).toMatchObject({
      reason: 'error',
      error,
      audiences: [{ audience: 0, outcome: 'error', error }],
    });
  });
});
