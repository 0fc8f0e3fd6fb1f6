import { createClient } from '../../src/client/client.ts';
import { createExposures } from '../../src/exposures/exposures.ts';
import { experimentChecksum } from '../../src/exposures/records/checksum.ts';
import { parseExperiments } from '../../src/assignment/parse-experiments.ts';
import { recordingSink } from '../../src/testing/recording-sink.ts';
import { experiment } from '../assignment/build.ts';
import { closing } from '../closing.ts';

const IDENTITY = ['user.id', 'tenant.id', 'anonymous'];
const source = [{ ...experiment(), identity: IDENTITY }];

function setUp() {
  const sink = recordingSink();
  const exposures = closing(createExposures({ sink, logger: false }));
  const client = closing(createClient({ source, exposures, logger: false }));
  const recorded = async () => {
    await exposures.flush();
    return sink.exposures().map(({ identity, unit, overridden }) => [identity, unit, overridden]);
  };
  return { sink, exposures, client, recorded };
}

describe('an exposure by a list of identities', () => {
  it('has the path and the unit that decided', async () => {
    const { client, recorded } = setUp();
    client.participant({ user: { id: 7 }, anonymous: 'key' }).variant('exp');
    client.participant({ tenant: { id: 7 }, anonymous: 'key' }).variant('exp');
    client.participant({ anonymous: '7' }).variant('exp');
    expect(await recorded()).toEqual([
      ['user.id', '7', false],
      ['tenant.id', '7', false],
      ['anonymous', '7', false],
    ]);
  });

  it('is recorded once for each path and unit', async () => {
    const { client, recorded, exposures } = setUp();
    for (let i = 0; i < 3; i++) {
      client.participant({ user: { id: 7 } }).variant('exp');
      client.participant({ anonymous: '7' }).variant('exp');
    }
    expect(await recorded()).toEqual([
      ['user.id', '7', false],
      ['anonymous', '7', false],
    ]);
    expect(exposures.stats()).toMatchObject({ recorded: 2, deduplicated: 4 });
  });

  it('keeps what is known about units when the specification is loaded again', async () => {
    const sink = recordingSink();
    const exposures = closing(createExposures({ sink, logger: false }));
    for (let i = 0; i < 2; i++) {
      const client = closing(createClient({ source, exposures, logger: false }));
      client.participant({ user: { id: 7 } }).variant('exp');
      client.participant({ anonymous: '7' }).variant('exp');
    }
    await exposures.flush();
    expect(sink.exposures()).toHaveLength(2);
  });

  it('has one checksum for all paths', async () => {
    const { client, sink, exposures } = setUp();
    client.participant({ user: { id: 7 } }).variant('exp');
    client.participant({ anonymous: '7' }).variant('exp');
    await exposures.flush();
    expect(new Set(sink.exposures().map(({ checksum }) => checksum)).size).toBe(1);
  });

  it('counts units of different paths separately in the split', async () => {
    const { client, exposures } = setUp();
    client.participant({ user: { id: 7 } }).variant('exp');
    client.participant({ tenant: { id: 7 } }).variant('exp');
    client.participant({ user: { id: 7 } }).variant('exp');
    expect(exposures.stats().splits).toMatchObject([{ units: 2 }]);
  });

  describe('with an override', () => {
    it.each<[string, object, unknown[]]>([
      ['the first available path', { user: { id: 7 }, anonymous: 'k' }, ['user.id', '7', true]],
      ['a later path', { user: { id: null }, anonymous: 'k' }, ['anonymous', 'k', true]],
      ['the last path and no unit if none is available', {}, ['anonymous', undefined, true]],
    ])('has %s', async (_what, context, record) => {
      const { client, recorded } = setUp();
      client.participant(context, { overrides: { exp: 'a' } }).variant('exp');
      expect(await recorded()).toEqual([record]);
    });
  });
});

describe('track(), with a list of identities', () => {
  it('records the units of all its paths, so that outcomes join exposures by either', async () => {
    const { client, sink, exposures } = setUp();
    client.participant({ user: { id: 7 }, tenant: { id: 5 }, anonymous: 'key' }).track('purchase');
    client.participant({ user: { id: null }, anonymous: 'key' }).track('purchase');
    await exposures.flush();
    expect(sink.outcomes().map(({ units }) => units)).toEqual([
      { 'user.id': '7', 'tenant.id': '5', anonymous: 'key' },
      { anonymous: 'key' },
    ]);
  });
});

describe('the checksum of an experiment with a list of identities', () => {
  const checksum = (identity: unknown): string => {
    const [spec] = parseExperiments([{ ...experiment(), identity }]).experiments;
    return spec === undefined ? '' : experimentChecksum(spec);
  };

  it('never changes', () => {
    expect(checksum(['user.id', 'anonymous'])).toBe('dc449a675d0f2fee');
  });

  it('differs for each list, and from that of a single identity', () => {
    const all = [['user.id', 'anonymous'], ['anonymous', 'user.id'], 'user.id', 'anonymous'];
    expect(new Set(all.map(checksum)).size).toBe(4);
  });

  it('is that of the path if the list has one', () => {
    expect(checksum(['user.id'])).toBe(checksum('user.id'));
  });
});
