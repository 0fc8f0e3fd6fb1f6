import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EventRecord } from 'evenhand';
import { serve } from './child.ts';
import { Visitor } from './visitor.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'evenhand-shop-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe('the shop with a file for exposures', () => {
  it('writes all exposures and outcomes before it stops', async () => {
    const path = join(folder, 'exposures.ndjson');
    const shop = await serve('examples/shop/server.js', { env: { EXPOSURES: path } });
    const visitors = [];
    for (const name of ['ada', 'bob', 'mia']) {
      const visitor = await new Visitor(shop.url).login(name);
      await visitor.get('/');
      await visitor.get('/');
      visitors.push((await visitor.get('/offer')).status);
    }
    await shop.stop();
    expect(shop.log()).toBe('');
    const lines = readFileSync(path, 'utf8').split('\n');
    expect(lines.pop()).toBe('');
    const records = lines.map((line) => JSON.parse(line) as EventRecord);
    expect(records.every(({ service }) => service === 'shop')).toBe(true);
    const exposures = records.filter((one) => one.event === 'exposure');
    const dealt = exposures.filter(({ experiment }) => experiment === 'experiment_1');
    expect(dealt.map(({ unit }) => unit)).toEqual(['ada', 'bob', 'mia']);
    const opened = records.filter((one) => one.event === 'outcome');
    const treated = dealt.filter(({ variant }) => variant === 'treatment');
    expect(opened.map(({ name, units }) => [name, units['user.id']])).toEqual(
      treated.map(({ unit }) => ['offer_opened', unit]),
    );
    expect(visitors.filter((status) => status === 200)).toHaveLength(treated.length);
    // Switches record no exposures.
    expect(exposures.map(({ experiment }) => experiment)).not.toContain('free_shipping');
  });
});
