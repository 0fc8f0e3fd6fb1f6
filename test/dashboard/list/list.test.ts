import * as fc from 'fast-check';
import { experimentsData } from '../../../src/dashboard/list/experiments-data.ts';
import { EXPERIMENTS_PAGE } from '../../../src/dashboard/list/experiments-page.ts';
import { STATES } from '../../../src/dashboard/list/rows.ts';
import { SWITCH_FORM } from '../../../src/dashboard/list/switch-form.ts';
import { switchesData } from '../../../src/dashboard/list/switches-data.ts';
import { SWITCHES_PAGE } from '../../../src/dashboard/list/switches-page.ts';
import { memoryWorkspace } from '../fixtures/memory-workspace.ts';
import { renderPage } from '../fixtures/render.ts';
import { SHOP } from '../fixtures/shop-specification.ts';
import { visitOf } from '../fixtures/visit.ts';

const HOSTILE = '<img src=x onerror=alert(1)>';

const alarm = {
  experiment: 'price_badge',
  checksum: '0',
  audience: 0,
  variants: [{ variant: 'control', percent: 10, units: 900, exposures: 900 }],
  units: 2000,
  sampledShare: 1,
  p: 0.0001,
  alarm: true,
};

describe('the list of experiments', () => {
  const names = (query: Record<string, string>, parts: Parameters<typeof visitOf>[0] = {}) =>
    experimentsData(visitOf({ query, ...parts })).experiments.map(({ name }) => name);

  it('has all experiments but the switches', () => {
    expect(names({})).toEqual([
      'search_ranking',
      'checkout_steps',
      'hero_headline',
      'price_badge',
      'onboarding_tour',
      'gift_wrap',
    ]);
  });

  it.each([
    [{ q: 'BADGE' }, ['price_badge']],
    [{ q: 'shorter checkout' }, ['checkout_steps']],
    [{ owner: 'checkout team' }, ['checkout_steps', 'gift_wrap']],
    [{ state: 'stale' }, ['onboarding_tour', 'gift_wrap']],
    [{ state: 'nonsense' }, []],
    [{ q: '.*' }, []],
  ])('filters by %j', (query, expected) => {
    expect(names(query as Record<string, string>)).toEqual(expected);
  });

  it('begins with a split that is off', () => {
    const results = { liveSplitsOf: (name: string) => (name === alarm.experiment ? [alarm] : []) };
    const data = experimentsData(visitOf({ results }));
    expect(data.experiments[0]).toMatchObject({ name: 'price_badge', state: 'split-off' });
    expect(data.counts).toEqual({ 'split-off': 1, running: 3, 'not-started': 0, stale: 2 });
  });

  it('has each experiment in exactly one state, and on exactly one page', () => {
    const count = fc.integer({ min: 0, max: 60 });
    const size = fc.integer({ min: 10, max: 30 });
    fc.assert(
      fc.property(count, size, (experiments, pageSize) => {
        const specification = Array.from({ length: experiments }, (_, i) => ({
          ...SHOP.experiments[0],
          name: `experiment_${i}`,
        }));
        const board = { pageSize };
        const all = experimentsData(visitOf({ specification, board }));
        const found = STATES.map(
          (state) => experimentsData(visitOf({ specification, board, query: { state } })).found,
        );
        expect(found.reduce((sum, one) => sum + one, 0)).toBe(all.total);
        const pages = Array.from({ length: Math.ceil(experiments / pageSize) }, (_, i) =>
          names({ from: String(i * pageSize) }, { specification, board }),
        );
        expect(pages.flat()).toEqual(specification.map(({ name }) => name));
      }),
      { numRuns: 20 },
    );
  });

  it.each(['-1', '1e9', 'NaN', '7.5', '99999999999999999999'])('begins at 0 for %s', (from) => {
    expect(experimentsData(visitOf({ query: { from } })).from).toBe(0);
  });

  it('shows hostile texts as text', async () => {
    const specification = [{ ...SHOP.experiments[0], description: HOSTILE, owner: HOSTILE }];
    const query = { q: 'img', owner: HOSTILE, state: HOSTILE };
    const page = await renderPage(EXPERIMENTS_PAGE, visitOf({ specification, query }));
    expect(page).not.toContain(HOSTILE);
  });

  it('shows 10,000 experiments a hundred at a time', async () => {
    const specification = Array.from({ length: 10_000 }, (_, i) => ({
      ...SHOP.experiments[0],
      name: `experiment_${i}`,
    }));
    const page = await renderPage(EXPERIMENTS_PAGE, visitOf({ specification }));
    expect(page).toContain('1–100 of 10,000');
    expect(page.length).toBeLessThan(250_000);
  });
});

describe('the switches', () => {
  it('are on, off, or on for some', () => {
    const { switches, counts } = switchesData(visitOf());
    expect(switches.map(({ name, shown, reach }) => [name, shown, reach])).toEqual([
      ['apple_pay', '50%', '50% of everyone'],
      ['trade_prices', 'by rule', 'On for segments.paying'],
      ['free_shipping', 'on', 'On for everyone'],
      ['gift_cards', 'off', 'Off for everyone'],
    ]);
    expect(counts).toEqual({ on: 1, off: 1, partly: 2, stale: 0 });
  });

  it('are 300 on a page, and search finds the others', () => {
    const specification = Array.from({ length: 1000 }, (_, i) => `switch_${i}:on`);
    const all = switchesData(visitOf({ specification }));
    expect(all.switches).toHaveLength(300);
    expect(all).toMatchObject({ left: 700, total: 1000 });
    const some = switchesData(visitOf({ specification, query: { q: '_99' } }));
    expect(some.switches.map(({ name }) => name)).toContain('switch_999');
    expect(some.left).toBe(0);
  });

  it('have no form without the right to flip them', async () => {
    const page = await renderPage(SWITCHES_PAGE, visitOf({ rights: ['ramp'] }));
    expect(page).not.toContain('method="post"');
    expect(page).not.toContain('role="switch"');
  });

  it('ask first in production', async () => {
    const board = { environment: 'production' };
    const page = await renderPage(SWITCHES_PAGE, visitOf({ board }));
    expect(page).not.toContain('method="post"');
    expect(page).toContain('role="switch"');
  });

  describe('that are flipped', () => {
    const visit = (workspace = memoryWorkspace(SHOP)) => {
      const params = { name: 'free_shipping' };
      return { workspace, visit: visitOf({ workspace, params, board: { environment: 'test' } }) };
    };
    const version = () =>
      switchesData(visitOf()).switches.find(({ name }) => name === 'free_shipping')?.version ?? '';
    const fields = (more: Record<string, string>) =>
      new Map(Object.entries({ to: 'off', ...more }).map(([name, value]) => [name, [value]]));

    it('are written, and the answer says so', async () => {
      const { workspace, visit: here } = visit();
      const outcome = await SWITCH_FORM.submit(here, fields({ version: version(), reason: 'why' }));
      expect(outcome).toMatchObject({ kind: 'saved', to: 'switches' });
      expect(workspace.written).toHaveLength(1);
    });

    it.each([
      ['a form without fields', {}, 409],
      ['a reason that is too long', { reason: 'x'.repeat(3000) }, 422],
    ])('are not written by %s', async (_, more, status) => {
      const { workspace, visit: here } = visit();
      const all = 'reason' in more ? { version: version(), ...more } : more;
      const outcome = await SWITCH_FORM.submit(here, fields(all));
      expect(outcome).toMatchObject({ kind: 'again', status });
      expect(workspace.written).toEqual([]);
    });
  });
});
