import * as fc from 'fast-check';
import { gzipSync } from 'node:zlib';
import { renderLaterRequest, renderToolbar } from '../../../src/toolbar/panel/panel.ts';
import type { PanelSetup } from '../../../src/toolbar/panel/setup.ts';
import type { ToolbarView } from '../../../src/toolbar/view/toolbar-view.ts';
import { anyText } from '../../generators/any-text.ts';
import { runs } from '../../runs.ts';
import {
  decided,
  FORCED,
  NAMESPACE,
  SETUP,
  SHOP,
  viewedDecision,
  viewedExperiment,
} from './shop-view.ts';
import { tagsOf, textOf } from './tags.ts';

/** Control characters, surrogates, and characters that change the direction of writing. */
const UNSAFE = /[\p{Cs}\u200e\u200f\u202a-\u202e\u2066-\u2069]|(?![\n\t])\p{Cc}/u;

const render = (view: ToolbarView, setup: Partial<PanelSetup> = {}): string =>
  renderToolbar(view, { ...SETUP, ...setup });

/** Puts a text wherever a view has one that people or requests choose. */
function viewOf(text: string): ToolbarView {
  const experiment = {
    ...viewedExperiment(text, [text, 'on'], text),
    description: text,
    owner: text,
  };
  const clause = { clause: text, outcome: true, values: { [text]: text }, segment: text };
  const exposure = { recorded: false, why: text } as const;
  return {
    page: {
      method: text,
      path: text,
      user: text,
      revision: text,
      stale: { since: text, problem: text },
    },
    used: [
      {
        ...viewedDecision(text, [text]),
        experiment,
        calls: [text, 'requireOn()'],
        variant: experiment.variants[0],
        why: text,
        tone: 'bad',
        audiences: [
          { audience: 0, rule: text, outcome: 'not-matched', clauses: [clause] },
          { audience: 1, outcome: 'error', clauses: [], error: text },
        ],
        identity: { path: text, text },
        seed: text,
        strip: {
          shares: [
            { variant: text, percent: 40 },
            { variant: 'on', percent: 60 },
          ],
          bucket: 7,
          buckets: 100,
        },
        notes: [text],
        exposure,
      },
    ],
    namespaces: [
      {
        ...NAMESPACE,
        name: text,
        experiment: text,
        experiments: [text],
        why: text,
        calls: [text],
        params: [{ name: text, value: text, isForced: true }],
        exposure,
      },
    ],
    unused: [experiment],
    context: [{ path: text, text }],
    contextJson: text,
    forced: [{ name: `${text}?`, value: text, from: 'link' }],
  };
}

describe('renderToolbar', () => {
  it('renders an element with a declarative shadow root that is hidden until its style sheet loads', () => {
    const markup = render(SHOP);
    const [host, template, link, section] = tagsOf(markup);
    expect(host).toMatchObject({ name: 'evenhand-toolbar' });
    expect(template?.attributes.get('shadowrootmode')).toBe('open');
    expect(Object.fromEntries(link?.attributes ?? [])).toEqual({
      rel: 'stylesheet',
      href: '__evenhand/toolbar.css',
    });
    expect(section?.attributes.has('hidden')).toBe(true);
    expect(markup).not.toContain('<script');
  });

  it('loads the script, and signs it and the style sheet with the nonce', () => {
    const tags = tagsOf(render(SHOP, { script: '../toolbar.js', nonce: 'abc+/==' }));
    const script = tags.find(({ name }) => name === 'script');
    expect(Object.fromEntries(script?.attributes ?? [])).toEqual({
      async: '',
      src: '../toolbar.js',
      nonce: 'abc+/==',
    });
    expect(tags.find(({ name }) => name === 'link')?.attributes.get('nonce')).toBe('abc+/==');
  });

  it('has no inline style, no inline script, no image and no listener attribute', () => {
    for (const { name, attributes } of tagsOf(render({ ...FORCED, namespaces: [NAMESPACE] }))) {
      expect(['style', 'img', 'iframe', 'object', 'meta', 'base']).not.toContain(name);
      expect([...attributes.keys()].filter((key) => /^(?:style|on.*)$/.test(key))).toEqual([]);
    }
  });

  it('keeps any text as text, in ASCII', () => {
    fc.assert(
      fc.property(anyText({ maxLength: 40 }), (text) => {
        const setup = {
          back: text,
          open: text,
          dashboard: `/${text}`,
          shared: { link: text, until: text, forces: 1 },
        };
        const markup = render(viewOf(text), setup);
        expect(markup).toMatch(/^[\t\n\x20-\x7e]*$/);
        const plain = tagsOf(render(viewOf('plain'), { ...setup, open: 'plain' }));
        const names = (tags: typeof plain): string => tags.map(({ name }) => name).join();
        // A text adds at most code between backticks or a time, and takes away a line that would be empty.
        const strip = (list: string): string => list.replaceAll(/\b(?:code|p|time|title)\b,?/g, '');
        expect(strip(names(tagsOf(markup)))).toBe(strip(names(plain)));
        expect(textOf(markup)).not.toMatch(UNSAFE);
      }),
      { numRuns: runs(300) },
    );
  });

  it('shows markup in names, values and owners as text', () => {
    const hostile = `</code></template><script>alert(1)</script><img src=x onerror="alert(1)">`;
    const markup = render(viewOf(hostile));
    expect(tagsOf(markup).filter(({ name }) => name === 'script' || name === 'img')).toEqual([]);
    expect(textOf(markup)).toContain(`Owner: ${hostile}`);
  });

  it('counts decisions, overrides and problems in the pill', () => {
    const pill = (view: ToolbarView): string =>
      textOf(/<summary.*?<\/summary>/s.exec(render(view))?.[0] ?? '');
    expect(pill(SHOP)).toMatch(/Evenhand: 8 decisions/);
    expect(pill({ ...SHOP, used: SHOP.used.slice(0, 1) })).toMatch(/1 decision(?!s)/);
    expect(pill(FORCED)).toContain('1 forced');
    const failed = viewedDecision('failed', ['on'], { tone: 'bad' });
    expect(pill({ ...SHOP, used: [failed] })).toContain('1 problem');
  });

  it('says who asked for what, with which revision', () => {
    const head = (view: ToolbarView): string =>
      textOf(/<p class="tiny quiet tab".*?<\/p>/s.exec(render(view))?.[0] ?? '');
    expect(head(SHOP)).toBe('GET / \u00b7 user ada \u00b7 revision d5cc99c');
    const page = { ...SHOP.page, path: `/${'x'.repeat(199)}`, user: undefined, revision: '418' };
    expect(head({ ...SHOP, page })).toMatch(/^GET \/x{68}… · revision 418$/);
  });

  it('says since when the source is stale', () => {
    const stale = { since: '2026-12-01T14:02:00.000Z', problem: 'connect ECONNREFUSED' };
    const text = textOf(render({ ...SHOP, page: { ...SHOP.page, stale } }));
    expect(text).toContain(
      'It has not responded since 1 Dec 2026, 14:02 UTC; still using revision d5cc99c. connect ECONNREFUSED',
    );
    const never = { since: undefined, problem: undefined };
    expect(textOf(render({ ...SHOP, page: { ...SHOP.page, stale: never } }))).toContain(
      'It has not responded yet',
    );
  });

  it('opens the panel and the row that were open, and gives the focus to the chosen variant', () => {
    const open = (setup: Partial<PanelSetup>): string[] =>
      tagsOf(render(FORCED, setup))
        .filter(({ name, attributes }) => name === 'details' && attributes.has('open'))
        .map(({ attributes }) => attributes.get('data-row') ?? attributes.get('class') ?? '');
    expect(open({})).toEqual([]);
    expect(open({ open: '*' })).toEqual(['root']);
    expect(open({ open: 'experiment_1' })).toEqual(['root', 'experiment_1']);
    const focused = tagsOf(render(FORCED, { open: 'experiment_1' })).find(({ attributes }) =>
      attributes.has('autofocus'),
    );
    expect(focused?.attributes.get('value')).toBe('experiment_1:treatment');
  });

  it('says that an override decided, and offers to remove it', () => {
    const markup = render(FORCED);
    expect(textOf(markup)).toContain('Forced by an override; no rule was evaluated.');
    const buttons = tagsOf(markup).filter(({ attributes }) => attributes.get('name') === 'unset');
    expect(buttons.map(({ attributes }) => attributes.get('value'))).toEqual(['experiment_1']);
    expect(textOf(markup)).toContain('Clear all');
  });

  it('lists overrides that the page did not use, and lets only those of the cookie be removed', () => {
    const markup = render({
      ...FORCED,
      namespaces: [NAMESPACE],
      forced: [
        ...FORCED.forced,
        { name: 'layout.title', value: 'Wide', from: 'cookie' },
        { name: 'elsewhere', value: 'a', from: 'cookie' },
        { name: 'granted', value: 'b', from: 'link' },
      ],
    });
    expect(textOf(markup)).toContain('Forced, but not used on this page');
    expect(textOf(markup)).toMatch(/elsewhere a.*granted b by a share link/);
    const buttons = tagsOf(markup).filter(({ attributes }) => attributes.get('name') === 'unset');
    expect(buttons.map(({ attributes }) => attributes.get('value'))).toEqual([
      'experiment_1',
      'elsewhere',
    ]);
  });

  it('forces an experiment that the page did not use, and shows that in its row', () => {
    const view = {
      ...SHOP,
      forced: [{ name: 'checkout_steps', value: 'one_page', from: 'cookie' } as const],
    };
    const tags = tagsOf(render(view, { open: 'checkout_steps' }));
    const opened = tags.filter(
      ({ name, attributes }) => name === 'details' && attributes.has('open'),
    );
    expect(opened.map(({ attributes }) => attributes.get('data-row'))).toEqual([
      undefined,
      ':unused',
      'checkout_steps',
    ]);
    const focused = tags.filter(({ attributes }) => attributes.has('autofocus'));
    expect(focused.map(({ attributes }) => attributes.get('value'))).toEqual([
      'checkout_steps:one_page',
    ]);
    expect(focused[0]?.attributes.get('aria-pressed')).toBe('true');
  });

  it('says beside guards that variants are not permissions', () => {
    const guarded = decided('beta', ['on', 'off'], 'on', { calls: ['requireOn()'] });
    expect(textOf(render({ ...SHOP, used: [guarded] }))).toContain('Variants are not permissions');
    const plain = decided('beta', ['on', 'off'], 'on', { calls: ['req.isOn()'] });
    expect(textOf(render({ ...SHOP, used: [plain] }))).not.toContain('permissions');
  });

  it('has no form if the page can post none, and says why', () => {
    const markup = render(FORCED, { overrideAction: undefined, shareAction: undefined });
    expect(tagsOf(markup).filter(({ name }) => name === 'form' || name === 'select')).toEqual([]);
    expect(textOf(markup)).toContain("Variants can't be forced here");
  });

  it('shows the share link only after it was made, and shares only forced variants', () => {
    const shared = {
      link: 'https://shop.example/?__ehov=a.b',
      until: '2026-12-02T14:00:00.000Z',
      forces: 1,
    };
    expect(textOf(render(FORCED, { shared }))).toContain(
      'This link forces 1 variant until 2 Dec 2026, 14:00 UTC.',
    );
    expect(textOf(render(FORCED))).not.toContain('This link');
    const share = (view: ToolbarView): boolean => render(view).includes('disabled=""');
    expect([share(SHOP), share(FORCED)]).toEqual([true, false]);
  });

  it('offers many variants as a list, and shows the parameters of namespaces', () => {
    const variants = Array.from({ length: 300 }, (_, i) => `variant_${i}`);
    const used = [decided('many', variants, 'variant_7')];
    const markup = render({ ...SHOP, used, namespaces: [NAMESPACE], unused: [] });
    const tags = tagsOf(markup);
    expect(tags.filter(({ name }) => name === 'option')).toHaveLength(200);
    expect(textOf(markup)).toContain('100 more variants not listed');
    expect(textOf(markup)).toMatch(/columns\s*3.*title\s*"Wide"\s*forced/);
    const sets = tags.flatMap(({ attributes }) =>
      attributes.get('name') === 'set' ? [attributes.get('value') ?? ''] : [],
    );
    expect(sets).toContain('layout:narrow');
  });

  it('stays small: the shop in 4 KB, and any number of decisions in proportion to their lines', () => {
    expect(gzipSync(render(SHOP)).length).toBeLessThan(4096);
    const many = (count: number): ToolbarView => ({
      ...SHOP,
      used: Array.from(
        { length: count },
        (_, i) => ({ ...FORCED.used[0], ...SHOP.used[0], name: `e${i}` }) as (typeof SHOP.used)[0],
      ),
    });
    const [few, lots] = [render(many(300)), render(many(1000), { open: 'e999' })];
    expect(few.length).toBeLessThan(400_000);
    expect((lots.length - few.length) / 700).toBeLessThan(1000);
    expect(gzipSync(few).length).toBeLessThan(12_000);
    // The open row always has its details.
    expect(lots).toContain('value="e999:treatment"');
    expect(lots).not.toContain('value="e998:treatment"');
  });

  it('bounds steps, notes and shares', () => {
    const clause = { clause: 'a == 1', outcome: false, values: {} } as const;
    const audiences = Array.from({ length: 500 }, (_, audience) => ({
      audience,
      outcome: 'not-matched' as const,
      clauses: [clause, clause],
    }));
    const shares = Array.from({ length: 5000 }, (_, i) => ({ variant: `v${i}`, percent: 0.02 }));
    const used = [
      decided('huge', ['a', 'b'], 'a', {
        audiences,
        strip: { shares, bucket: 1, buckets: 10_000 },
        notes: Array.from({ length: 500 }, (_, i) => `note ${i}`),
      }),
    ];
    const markup = render({ ...SHOP, used }, { open: 'huge' });
    expect(markup.length).toBeLessThan(60_000);
    expect(textOf(markup)).toContain('more steps');
  });

  it('says that a page used nothing', () => {
    const view = { ...SHOP, used: [] };
    expect(textOf(render(view))).toContain('This page used no experiment or switch.');
  });
});

describe('renderLaterRequest', () => {
  it('renders the decisions of a request', () => {
    const markup = renderLaterRequest({ ...FORCED, page: { ...SHOP.page, path: '/api' } }, SETUP);
    expect(textOf(markup)).toMatch(/GET \/api\s*8 decisions/);
    expect(tagsOf(markup)[0]).toMatchObject({ name: 'details' });
  });

  it('says that a request is not known', () => {
    expect(textOf(renderLaterRequest(undefined, SETUP))).toContain('Not known here');
  });

  it('keeps any text as text', () => {
    fc.assert(
      fc.property(anyText({ maxLength: 40 }), (text) => {
        const markup = renderLaterRequest(viewOf(text), SETUP);
        expect(markup).toMatch(/^[\t\n\x20-\x7e]*$/);
        tagsOf(markup);
      }),
      { numRuns: runs(100) },
    );
  });
});
