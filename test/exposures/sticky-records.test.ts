import {
  createClient,
  type EventRecord,
  type StickyAssignment,
  callbackSink,
  parseExperiments,
} from 'evenhand';
import { experimentChecksum } from '../../src/exposures/records/checksum.ts';
import { closing } from '../closing.ts';

const variants = [{ name: 'a' }, { name: 'b' }];
const audiences = [
  {
    allocations: [
      { variant: 'a', percent: 1 },
      { variant: 'b', percent: 99 },
    ],
  },
];

const kept = (units: Readonly<Record<string, string>>): StickyAssignment[] => [
  { experiment: 'exp', seed: 'exp', variant: 'a', units },
];

/** Returns the records of a participant who keeps the variant `a`. */
async function recordsOf(
  identity: string | readonly string[],
  contexts: readonly object[],
  units: Readonly<Record<string, string>>,
): Promise<readonly Partial<EventRecord>[]> {
  const records: EventRecord[] = [];
  const sink = callbackSink((batch) => void records.push(...batch));
  const source = [{ name: 'exp', identity, sticky: true, variants, audiences }];
  const client = closing(createClient({ source, exposures: { sink } }));
  for (const context of contexts) {
    client.participant(context, { assignments: kept(units) }).variant('exp');
  }
  await client.exposures?.flush();
  return records;
}

const shared = { event: 'exposure', variant: 'a', sticky: true, overridden: false };

describe('the exposure of a kept variant', () => {
  it('has the identity that decides, the unit, and no audience and no bucket', async () => {
    const records = await recordsOf('user.id', [{ user: { id: 7 } }], { 'user.id': '7' });
    expect(records).toEqual([
      expect.objectContaining({ ...shared, identity: 'user.id', unit: '7' }),
    ]);
    expect(records[0]).not.toHaveProperty('audience');
    expect(records[0]).not.toHaveProperty('bucket');
  });

  it('is recorded once for each unit', async () => {
    const context = { user: { id: 7 } };
    expect(await recordsOf('user.id', [context, context], { 'user.id': '7' })).toHaveLength(1);
  });

  it('has the identity of a list that is available, before and after a login', async () => {
    const contexts = [
      { user: { id: null }, anonymous: 'key-1' },
      { user: { id: 7 }, anonymous: 'key-1' },
    ];
    const records = await recordsOf(['user.id', 'anonymous'], contexts, { anonymous: 'key-1' });
    expect(records).toEqual([
      expect.objectContaining({ ...shared, identity: 'anonymous', unit: 'key-1' }),
      expect.objectContaining({ ...shared, identity: 'user.id', unit: '7' }),
    ]);
  });

  it('has the identity that recognised the participant, if none of the experiment is available', async () => {
    const context = { user: { id: null }, anonymous: 'key-1' };
    const records = await recordsOf('user.id', [context], { anonymous: 'key-1' });
    expect(records).toEqual([
      expect.objectContaining({ ...shared, identity: 'anonymous', unit: 'key-1' }),
    ]);
  });

  it('has the checksum of the same experiment without "sticky"', async () => {
    const { experiments } = parseExperiments(
      [true, false].map((sticky) => {
        const name = sticky ? 'sticky' : 'plain';
        return { name, seed: 'exp', identity: 'user.id', sticky, variants, audiences };
      }),
    );
    const [one, other] = experiments.map((spec) => experimentChecksum({ ...spec, name: 'exp' }));
    expect(one).toBe(other);
  });

  it('is not recorded with the exposure mode "off"', async () => {
    const source = [
      { name: 'exp', identity: 'user.id', sticky: true, exposure: 'off', variants, audiences },
    ];
    const records: EventRecord[] = [];
    const sink = callbackSink((batch) => void records.push(...batch));
    const client = closing(createClient({ source, exposures: { sink } }));
    const participant = client.participant(
      { user: { id: 7 } },
      { assignments: kept({ 'user.id': '7' }) },
    );
    expect(participant.variant('exp')).toBe('a');
    await client.exposures?.flush();
    expect(records).toEqual([]);
    expect(client.exposures?.stats().splits).toEqual([]);
  });
});
