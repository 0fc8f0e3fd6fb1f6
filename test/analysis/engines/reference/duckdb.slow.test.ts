import { referenceBatches } from './batches.ts';
import { onDuckdb, onShards } from './embedded.ts';
import { tallyOf } from './tally.ts';

describe('the analyses of expected.json', () => {
  it('are all in few statements', () => {
    const batches = referenceBatches();
    expect(batches.flatMap(({ analyses }) => analyses)).toHaveLength(36);
    expect(batches.flatMap(({ quantiles }) => quantiles)).toHaveLength(4);
    expect(batches.length).toBeLessThan(10);
  });

  it('are equal in duckdbEngine() over files', async () => {
    const { different, figures } = tallyOf(await onDuckdb(referenceBatches()));
    expect(different).toEqual([]);
    expect(figures).toBeGreaterThan(400);
  });

  it('are equal in rows of two shards that are added up', async () => {
    const { different, figures } = tallyOf(await onShards(referenceBatches({ wholeData: false })));
    expect(different).toEqual([]);
    expect(figures).toBeGreaterThan(300);
  });

  it('differ if the shards do not have all records of a unit', async () => {
    const batches = referenceBatches({ wholeData: false });
    const { different } = tallyOf(await onShards(batches, 'id'));
    expect(different).not.toEqual([]);
  });
});
