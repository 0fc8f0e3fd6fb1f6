import { createClient } from 'evenhand';
import { fixedExperiments, recordingSink } from 'evenhand/testing';
import { experiment } from '../assignment/build.ts';

describe('recordingSink', () => {
  it('returns exposures and outcomes by their names', async () => {
    const sink = recordingSink();
    const source = [experiment({ name: 'one' }), experiment({ name: 'other' })];
    const client = createClient({ source, exposures: { sink } });
    const who = client.participant({ user: { id: 7 } });
    who.variant('one');
    who.variant('other');
    who.track('click');
    who.track('purchase');
    await client.exposures?.flush();
    expect(sink.exposures()).toHaveLength(2);
    expect(sink.exposures('one')).toMatchObject([{ experiment: 'one' }]);
    expect(sink.outcomes()).toHaveLength(2);
    expect(sink.outcomes('purchase')).toMatchObject([{ name: 'purchase' }]);
    expect(sink.records).toHaveLength(4);
    sink.clear();
    expect(sink.records).toEqual([]);
    await client.close();
  });

  it('records only overrides if everyone has one variant', async () => {
    const sink = recordingSink();
    const client = createClient({ source: fixedExperiments({ one: 'a' }), exposures: { sink } });
    client.participant().variant('one');
    client.participant({}, { overrides: { one: 'a' } }).variant('one');
    await client.close();
    expect(sink.exposures()).toMatchObject([{ variant: 'a', overridden: true }]);
  });

  it('accepts a name', () => {
    expect(recordingSink().name).toBe('recording');
    expect(recordingSink('other').name).toBe('other');
    expect(() => recordingSink(7 as unknown as string)).toThrow(
      'takes a name, which must be a string, or nothing',
    );
  });
});
