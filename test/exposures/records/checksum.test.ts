import { parseExperiments } from '../../../src/assignment/parse-experiments.ts';
import { recordingSink } from '../../../src/testing/recording-sink.ts';
import { createClient } from '../../../src/client/client.ts';
import { audience, experiment } from '../../assignment/build.ts';
import { experimentChecksum } from '../../../src/exposures/records/checksum.ts';
import { closing } from '../../closing.ts';

function checksum(parts: object): string {
  const { experiments } = parseExperiments([{ ...experiment(), ...parts }]);
  const [spec] = experiments;
  if (spec === undefined) throw new Error('no experiment');
  return experimentChecksum(spec);
}

describe('experimentChecksum', () => {
  const plain = checksum({});

  it('is 16 hexadecimal digits that never change', () => {
    expect(plain).toBe('ed307e089fe5f3c0');
  });

  it.each([
    ['the name', { name: 'other', seed: 'exp' }],
    ['the seed', { seed: 'other' }],
    ['the identity', { identity: 'tenant.id' }],
    ['a variant more', { variants: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] }],
    ['a percent', { audiences: [audience({ a: 51, b: 49 })] }],
    ['the order of the allocations', { audiences: [audience({ b: 50, a: 50 })] }],
    ['an audience more', { audiences: [audience({ a: 100 }, 'x'), audience({ a: 50, b: 50 })] }],
  ])('changes with %s', (_what, parts) => {
    expect(checksum(parts)).not.toBe(plain);
  });

  it('changes with the segments of its rules, and with the experiments that they ask for', () => {
    const of = (segment: string, asked: object = {}, use = 'segments.s') => {
      const { experiments } = parseExperiments({
        segments: [
          { name: 's', rule: 'segments.t' },
          { name: 't', rule: segment },
        ],
        experiments: [
          experiment({ audiences: [audience({ a: 100 }, use), audience({ a: 50, b: 50 })] }),
          { ...experiment({ name: 'other' }), ...asked },
        ],
      });
      const [spec] = experiments;
      if (spec === undefined) throw new Error('no experiment');
      return experimentChecksum(spec);
    };
    expect(of('user.x')).toBe(of('user.x', { seed: 'unrelated' }));
    expect(of('user.x')).not.toBe(of('user.y'));
    const asking = 'experiments.other == "a"';
    expect(of(asking)).toBe(of(asking, { description: 'note' }));
    expect(of(asking)).toBe(of(asking, { sticky: true, buckets: 10_000, exposure: 'off' }));
    expect(of(asking)).not.toBe(of(asking, { seed: 'new' }));
    // Rules that use nothing of this keep their checksum.
    const plain = parseExperiments([
      experiment({ audiences: [audience({ a: 100 }, 'user.x'), audience({ a: 50, b: 50 })] }),
    ]);
    expect(of('user.y', {}, 'user.x')).toBe(experimentChecksum(plain.experiments[0] as never));
  });

  it('changes with a rule', () => {
    const by = (rule: string) =>
      checksum({ audiences: [audience({ a: 100 }, rule), audience({ a: 50, b: 50 })] });
    expect(by('user.x')).not.toBe(by('user.y'));
  });

  it.each([
    ['values', { variants: [{ name: 'a', value: 1 }, { name: 'b' }] }],
    ['the description', { description: 'a button' }],
    ['the owner', { owner: 'us' }],
    ['the last day', { expires: '2027-03-31' }],
    ['when it is exposed', { exposure: 'manual' }],
    ['the seed that is the name', { seed: 'exp' }],
    ['the number of buckets, which moves no one', { buckets: 10_000 }],
  ])('does not change with %s', (_what, parts) => {
    expect(checksum(parts)).toBe(plain);
  });
});

describe('the checksum of an experiment in a namespace', () => {
  const base = {
    name: 'checkout',
    unit: 'user.id',
    segments: 10,
    experiments: [
      {
        name: 'words',
        variants: [
          { name: 'buy', values: { text: 'Buy' } },
          { name: 'order', values: {} },
        ],
      },
      { name: 'script', script: 'x = uniformChoice(choices=[1, 2], unit=id);' },
    ],
    inputs: { id: 'user.id' },
    history: [{ add: 'words', segments: 10 }],
  };

  async function checksumIn(parts: object): Promise<string | undefined> {
    const sink = recordingSink();
    const client = closing(
      createClient({
        source: { experiments: [], namespaces: [{ ...base, ...parts }] },
        exposures: { sink },
      }),
    );
    // Only a parameter of the unit's own experiment is an exposure.
    const checkout = client.participant({ user: { id: 1 }, page: 2 }).namespace('checkout');
    checkout.get('text');
    checkout.get('x');
    await client.close();
    return sink.exposures()[0]?.checksum;
  }

  it('stays when lines are appended, or values and defaults change', async () => {
    const plain = await checksumIn({});
    expect(plain).toMatch(/^[0-9a-f]{16}$/);
    const [words, script] = base.experiments;
    const later = [
      ...base.history,
      { remove: 'words' },
      { add: 'again', segments: 10, experiment: 'words' },
    ];
    expect(await checksumIn({ defaults: { text: 'OK' } })).toBe(plain);
    const values = words?.variants?.map(({ name }) => ({ name, values: { text: 'x' } }));
    expect(await checksumIn({ experiments: [{ ...words, variants: values }, script] })).toBe(plain);
    const other = { add: 'script', segments: 0 };
    expect(await checksumIn({ history: [...base.history, other] })).toBe(plain);
    expect(await checksumIn({ history: later })).not.toBe(plain);
  });

  it('changes with the unit, the segments, the sampling, the weights, the script and earlier lines', async () => {
    const [words, script] = base.experiments;
    const weights = [
      { name: 'buy', weight: 2, values: { text: 'Buy' } },
      { name: 'order', values: {} },
    ];
    const add = (name: string) => [{ add: name, segments: 10 }];
    const before = [{ add: 'x', segments: 1, experiment: 'script' }, { remove: 'x' }];
    const all = [
      await checksumIn({}),
      await checksumIn({ unit: ['user.id', 'page'] }),
      await checksumIn({ segments: 11 }),
      await checksumIn({ sampling: 'fast' }),
      await checksumIn({ experiments: [{ ...words, variants: weights }, script] }),
      await checksumIn({ history: add('script') }),
      await checksumIn({
        history: add('script'),
        experiments: [words, { name: 'script', script: 'x = 1;' }],
      }),
      await checksumIn({ history: [...before, ...base.history] }),
    ];
    expect(new Set(all).size).toBe(8);
    expect(await checksumIn({ sampling: 'full' })).toBe(await checksumIn({}));
    expect(all).not.toContain(undefined);
  });
});
