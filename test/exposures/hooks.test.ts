import { createClient } from '../../src/client/client.ts';
import type { Hooks } from '../../src/exposures/hooks.ts';
import { recordingSink } from '../../src/testing/recording-sink.ts';
import { audience, experiment, recordingLogger } from '../assignment/build.ts';
import { closing } from '../closing.ts';

const source = [
  experiment({
    name: 'one',
    audiences: [audience({ a: 100 }, 'user.id == 1'), audience({ a: 50, b: 50 })],
  }),
  experiment({ name: 'other' }),
];
const user = { id: 2 };
/** The revision of the experiments, a hash of their content. */
const revision = expect.stringMatching(/^[0-9a-f]{16}$/) as string;

describe('hooks.decision', () => {
  it('is called once for each decision, with the participant', () => {
    const decision = jest.fn();
    const client = closing(createClient({ source, hooks: { decision } }));
    const who = client.participant({ user });
    const { one } = who.variants();
    who.variant('one');
    who.explain('other');
    expect(decision.mock.calls).toEqual([
      [
        {
          experiment: 'one',
          variant: one,
          reason: 'allocation',
          overridden: false,
          audience: 1,
          bucket: expect.any(Number),
          revision,
        },
        who,
      ],
      [expect.objectContaining({ experiment: 'other', audience: 0 }), who],
    ]);
  });

  it('receives the rule, an override and an error', () => {
    const made: object[] = [];
    const hooks: Hooks = { decision: (decision) => void made.push(decision) };
    const client = closing(createClient({ source, hooks, onError: 'fallback', logger: false }));
    client.participant({ user: { id: 1 } }).variant('one');
    client.participant({ user }, { overrides: { one: 'b' } }).variant('one');
    client.participant({}).variant('other');
    expect(made).toEqual([
      {
        experiment: 'one',
        variant: 'a',
        reason: 'allocation',
        overridden: false,
        audience: 0,
        rule: 'user.id == 1',
        revision,
      },
      { experiment: 'one', variant: 'b', reason: 'override', overridden: true, revision },
      {
        experiment: 'other',
        reason: 'error',
        overridden: false,
        error: expect.stringContaining('user'),
        revision,
      },
    ]);
  });

  it('may make other decisions itself', () => {
    const seen: string[] = [];
    const client = closing(
      createClient({
        source,
        hooks: {
          decision({ experiment: name }, participant) {
            seen.push(name);
            participant.variants();
          },
        },
      }),
    );
    client.participant({ user }).variant('one');
    expect(seen).toEqual(['one', 'other']);
  });
});

describe('hooks.exposure', () => {
  it('is called with each record, with and without sinks', async () => {
    const exposure = jest.fn();
    const sink = recordingSink();
    const client = closing(createClient({ source, hooks: { exposure }, exposures: { sink } }));
    for (const id of [2, 2, 3]) client.participant({ user: { id } }).variant('one');
    client.participant({ user }).track('purchase');
    await client.close();
    expect(exposure.mock.calls.map(([record]) => record)).toEqual(sink.exposures());
    expect(exposure).toHaveBeenCalledTimes(2);

    const alone = jest.fn();
    closing(createClient({ source, hooks: { exposure: alone } }))
      .participant({ user })
      .variant('one');
    expect(alone).toHaveBeenCalledWith(expect.objectContaining({ experiment: 'one', unit: '2' }));
  });
});

describe('a hook that fails', () => {
  it.each([
    [
      'throws',
      () => {
        throw new Error('mine');
      },
    ],
    ['rejects', () => Promise.reject(new Error('mine'))],
  ])('is logged once and breaks nothing when it %s', async (_how, fail) => {
    const logger = recordingLogger();
    const sink = recordingSink();
    const client = closing(
      createClient({
        source,
        logger,
        exposures: { sink },
        hooks: { decision: fail, exposure: fail },
      }),
    );
    for (const id of [2, 3]) {
      expect(client.participant({ user: { id } }).variant('one')).toMatch(/^[ab]$/);
    }
    await client.close();
    expect(sink.records).toHaveLength(2);
    expect(logger.errors).toEqual([
      'evenhand: the hook "decision" failed: mine',
      'evenhand: the hook "exposure" failed: mine',
    ]);
  });

  it('is rejected if it is not a function or its name is unknown', () => {
    const hooks = { decided: () => {} } as Hooks;
    expect(() => closing(createClient({ source, hooks }))).toThrow('unknown option "decided"');
  });
});
