import { experimentData } from '../../../src/dashboard/detail/experiment-data.ts';
import { EXPERIMENT_PAGE } from '../../../src/dashboard/detail/experiment-page.ts';
import { percentOf } from '../../../src/dashboard/detail/ramp-data.ts';
import { RAMP_FORM, RAMP_PAGE } from '../../../src/dashboard/detail/ramp-page.ts';
import { memoryWorkspace } from '../fixtures/memory-workspace.ts';
import { renderPage } from '../fixtures/render.ts';
import { SHOP } from '../fixtures/shop-specification.ts';
import { visitOf } from '../fixtures/visit.ts';

const at = (name: string, parts: Parameters<typeof visitOf>[0] = {}) =>
  visitOf({ params: { name }, ...parts });

describe('the page of one experiment', () => {
  it('knows everything that the specification says', async () => {
    expect(await experimentData(at('checkout_steps'))).toMatchObject({
      owner: 'checkout team',
      identity: 'user.id',
      seed: 'checkout_steps',
      control: 'control',
      holdouts: [{ name: 'quarterly', percent: 5 }],
      audiences: SHOP.experiments[1].audiences,
      schedule: [],
    });
  });

  it.each(['nothing', '__proto__', ''])('does not exist for %j', async (name) => {
    expect(await experimentData(at(name))).toBeUndefined();
  });

  it('opens although the history fails', async () => {
    const workspace = {
      ...memoryWorkspace(SHOP),
      changes: () => Promise.reject(new Error('connection refused')),
    };
    expect(await renderPage(EXPERIMENT_PAGE, at('checkout_steps', { workspace }))).toContain(
      'No changes yet',
    );
  });

  it('offers no change to a visitor who only reads', async () => {
    const page = await renderPage(EXPERIMENT_PAGE, at('checkout_steps', { rights: [] }));
    expect(page).not.toContain('/ramp');
  });
});

describe('a ramp', () => {
  it.each([
    ['0', 0],
    ['40', 40],
    ['12.5', 12.5],
    ['100', 100],
    ['100.00', 100],
    ['101', undefined],
    ['-1', undefined],
    ['1e1', undefined],
    ['0x10', undefined],
    ['12.345', undefined],
    ['', undefined],
  ])('of %j percent is %j', (text, percent) => {
    expect(percentOf(text)).toBe(percent);
  });

  it('is previewed with the audience and variant of the query', async () => {
    const query = { audience: '1', variant: 'one_page', to: '40' };
    const data = await RAMP_PAGE.data(at('checkout_steps', { query }));
    expect(data).toMatchObject({
      after: [
        { variant: 'control', percent: 25 },
        { variant: 'one_page', percent: 40 },
        { variant: 'inactive', percent: 35 },
      ],
      preview: { harmful: 0 },
    });
  });

  it.each([
    [{ to: 'forty' }, 'Write a percent'],
    [{ to: '120' }, 'Write a percent'],
  ])('says what is wrong with %j', async (query, problem) => {
    const data = await RAMP_PAGE.data(at('checkout_steps', { query }));
    expect(JSON.stringify(data)).toContain(problem);
  });

  it('ignores an audience and a variant that do not exist', async () => {
    const query = { audience: '99', variant: '__proto__', to: '40' };
    const data = await RAMP_PAGE.data(at('checkout_steps', { query }));
    expect(data).toMatchObject({ audience: 0, variant: 'one_page' });
  });

  it('is not offered for a switch in shorthand', async () => {
    expect(await RAMP_PAGE.data(at('free_shipping'))).toBeUndefined();
  });

  it('shows the error of a store that fails', async () => {
    const workspace = {
      ...memoryWorkspace(SHOP),
      read: () => Promise.reject(new Error('connection refused')),
    };
    const query = { to: '40' };
    const page = await renderPage(RAMP_PAGE, at('checkout_steps', { query, workspace }));
    expect(page).toContain('connection refused');
  });

  it('keeps what was entered when it is not saved', async () => {
    const workspace = memoryWorkspace(SHOP);
    const fields = new Map([
      ['to', ['65']],
      ['variant', ['margin']],
      ['version', ['0']],
      ['reason', ['ticket 501']],
    ]);
    const outcome = await RAMP_FORM.submit(at('search_ranking', { workspace }), fields);
    expect(outcome).toMatchObject({ kind: 'again', status: 409 });
    expect(JSON.stringify(outcome)).toContain('ticket 501');
    expect(workspace.written).toEqual([]);
  });

  it('answers a form without fields', async () => {
    const outcome = await RAMP_FORM.submit(at('checkout_steps'), new Map());
    expect(outcome).toMatchObject({ kind: 'again', status: 422 });
  });
});
