import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tryData } from '../../../src/dashboard/tools/try-data.ts';
import { TRY_PAGE } from '../../../src/dashboard/tools/try-page.ts';
import { createClient, parseExperiments } from '../../../src/index.ts';
import { recordingSink } from '../../../src/testing/index.ts';
import { renderPage } from '../fixtures/render.ts';
import { SHOP } from '../fixtures/shop-specification.ts';
import { stillWorkspace, visitOf } from '../fixtures/visit.ts';

const PAYING = JSON.stringify({ locale: 'en-US', user: { id: 7, plan: 'pro', email: 'a@b.c' } });

const tried = (query: Record<string, string>, parts: Parameters<typeof visitOf>[0] = {}) =>
  tryData(visitOf({ query, ...parts }));

describe('tryData', () => {
  it('explains the decision of one experiment exactly as the library does', async () => {
    const { decision } = await tried({ context: PAYING, experiment: 'checkout_steps' });
    const participant = parseExperiments(SHOP).participant(JSON.parse(PAYING) as object);
    expect(decision).toEqual(participant.explain('checkout_steps'));
    expect(decision?.audiences.length).toBeGreaterThan(0);
  });

  it('decides all experiments when none is chosen', async () => {
    const { decisions = [], left } = await tried({ context: PAYING });
    const participant = parseExperiments(SHOP).participant(JSON.parse(PAYING) as object);
    const decided = decisions.filter(({ variant }) => variant !== undefined);
    expect(decisions).toHaveLength(SHOP.experiments.length);
    for (const { name, variant } of decided) expect(variant).toBe(participant.variant(name));
    // hero_headline needs the tracking key, which this context does not have.
    expect(decisions.find(({ name }) => name === 'hero_headline')?.error).toContain('anonymous');
    expect(left).toBe(0);
  });

  it('decides at most 200 experiments', async () => {
    const specification = Array.from({ length: 250 }, (_, i) => `switch_${i}:on`);
    const { decisions, left } = await tried({ context: '{}' }, { specification });
    expect(decisions).toHaveLength(200);
    expect(left).toBe(50);
  });

  it('decides nothing before a context is given', async () => {
    const data = await tried({});
    expect(data).not.toHaveProperty('decisions');
    expect(data).not.toHaveProperty('problem');
  });

  it.each([
    ['a list', '[1]', 'JSON object'],
    ['cut off', '{"user":', 'the context'],
    ['a text', '"text"', 'JSON object'],
    ['too long', `{"a":"${'x'.repeat(6000)}"}`, 'longer than'],
  ])('says what is wrong with a context: %s', async (_, context, problem) => {
    expect((await tried({ context })).problem).toContain(problem);
  });

  it('explains an unknown experiment as one', async () => {
    const { decision } = await tried({ context: '{}', experiment: '__proto__' });
    expect(decision?.reason).toBe('unknown-experiment');
  });

  it('records and counts nothing', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'evenhand-try-'));
    const path = join(folder, 'experiments.json');
    writeFileSync(path, JSON.stringify(SHOP));
    const sink = recordingSink();
    const client = createClient({ source: path, exposures: { sink }, logger: false });
    const before = JSON.stringify(client.metrics());
    const snapshot = client.experiments();
    await tried({ context: PAYING }, { snapshot });
    await tried({ context: PAYING, experiment: 'checkout_steps' }, { snapshot });
    expect(JSON.stringify(client.metrics())).toBe(before);
    snapshot.participant(JSON.parse(PAYING) as object).variant('checkout_steps');
    await client.close();
    // The decision after the pages is recorded, with that of its holdout.
    expect(sink.records).toHaveLength(2);
    rmSync(folder, { recursive: true });
  });

  describe('at an earlier revision', () => {
    const earlier = [{ ...SHOP.experiments[0], name: 'old_name' }];
    const workspace = {
      ...stillWorkspace(SHOP),
      at: async (revision: string | number) =>
        revision === 7 ? { text: JSON.stringify(earlier), revision: 7 } : undefined,
    };

    it('decides by the experiments of that revision', async () => {
      const data = await tried({ context: PAYING, revision: '7' }, { workspace });
      expect(data.decisions?.map(({ name }) => name)).toEqual(['old_name']);
      expect(data).toMatchObject({ revision: 7, isPast: true });
    });

    it('says when a revision is not known', async () => {
      const { problem } = await tried({ context: '{}', revision: '8' }, { workspace });
      expect(problem).toContain('Revision 8 is not known');
    });

    it('shows the error of a store that fails', async () => {
      const failing = { ...workspace, at: () => Promise.reject(new Error('connection refused')) };
      const { problem } = await tried({ context: '{}', revision: '7' }, { workspace: failing });
      expect(problem).toContain('connection refused');
    });

    it('still decides by those in force when the history fails', async () => {
      const failing = {
        ...workspace,
        changes: () => Promise.reject(new Error('connection refused')),
      };
      const data = await tried({ context: PAYING }, { workspace: failing });
      expect(data.revisions).toEqual([]);
      expect(data.decisions?.length).toBeGreaterThan(0);
    });
  });
});

describe('the page', () => {
  it('shows hostile texts as text', async () => {
    const hostile = '<img src=x onerror=alert(1)>';
    const query = { context: `{"user":"${hostile}"}`, experiment: hostile, revision: hostile };
    const page = await renderPage(TRY_PAGE, visitOf({ query }));
    expect(page).not.toContain(hostile);
    expect(page).toContain('&lt;img src=x');
  });
});
