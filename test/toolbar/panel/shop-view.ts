import type { PanelSetup } from '../../../src/toolbar/panel/setup.ts';
import type {
  ToolbarView,
  ViewedDecision,
  ViewedExperiment,
  ViewedNamespace,
} from '../../../src/toolbar/view/toolbar-view.ts';
import { variantColours } from '../../../src/ui/variant-key.ts';

/** Creates an experiment of a view. */
export function viewedExperiment(
  name: string,
  variants: readonly string[],
  allocation = `everyone: ${variants[0] ?? ''}`,
): ViewedExperiment {
  const colours = variantColours(variants);
  return {
    name,
    kind: variants.includes('on') ? 'switch' : 'experiment',
    description: undefined,
    owner: undefined,
    variants: variants.map((variant) => ({ name: variant, colour: colours.get(variant) ?? '0' })),
    allocation,
  };
}

/** Creates a decision of a view, for the first variant. */
export function viewedDecision(
  name: string,
  variants: readonly string[],
  more: Partial<ViewedDecision> = {},
): ViewedDecision {
  const experiment = viewedExperiment(name, variants);
  return {
    experiment,
    name,
    calls: ['req.variant()'],
    variant: experiment.variants[0],
    why: `${variants[0] ?? ''} for everyone`,
    tone: 'plain',
    isForced: false,
    canForce: true,
    audiences: [{ audience: 0, outcome: 'fallback', clauses: [] }],
    identity: undefined,
    seed: undefined,
    strip: undefined,
    notes: [],
    exposure: { recorded: false, why: 'the audience gives all units one variant' },
    ...more,
  };
}

/** Creates a decision for a named variant. */
export function decided(
  name: string,
  variants: readonly string[],
  variant: string,
  more: Partial<ViewedDecision> = {},
): ViewedDecision {
  const decision = viewedDecision(name, variants, more);
  return {
    ...decision,
    variant: decision.experiment?.variants.find((one) => one.name === variant),
  };
}

const EXPERIMENT_1 = decided('experiment_1', ['treatment', 'inactive', 'control'], 'control', {
  calls: ['req.isVariant()', 'req.variant() (a view)'],
  why: 'audience 1, bucket 78 of 75–99',
  audiences: [
    {
      audience: 0,
      rule: 'locale == "en-US"',
      outcome: 'matched',
      clauses: [{ clause: 'locale == "en-US"', outcome: true, values: { locale: 'en-US' } }],
    },
  ],
  identity: { path: 'user.id', text: 'ada' },
  seed: 'seedy',
  strip: {
    shares: [
      { variant: 'treatment', percent: 25 },
      { variant: 'inactive', percent: 50 },
      { variant: 'control', percent: 25 },
    ],
    bucket: 78,
    buckets: 100,
  },
  exposure: { recorded: true, overridden: false },
});

const USED: readonly ViewedDecision[] = [
  EXPERIMENT_1,
  decided('product_layout', ['grid', 'rows'], 'rows', {
    why: 'audience 1, bucket 86 of 50–99',
    identity: { path: 'user.id', text: 'ada' },
    seed: 'product_layout',
    strip: {
      shares: [
        { variant: 'grid', percent: 50 },
        { variant: 'rows', percent: 50 },
      ],
      bucket: 86,
      buckets: 100,
    },
    exposure: { recorded: false, why: 'recorded earlier for this unit' },
  }),
  decided('hero_headline', ['plain', 'proud', 'question'], 'plain', {
    why: 'audience 1, bucket 22 of 0–33',
    exposure: { recorded: false, why: 'recorded earlier for this unit' },
  }),
  decided('daily_tip', ['flip', 'flatten', 'still', 'burn'], 'burn', {
    why: 'random on each request',
    exposure: { recorded: true, overridden: false },
  }),
  decided('trade_prices', ['on', 'off'], 'on', {
    why: 'audience 1: on',
    calls: ['requireOn()', 'isOn() (a view)'],
    audiences: [
      {
        audience: 0,
        rule: 'user.plan == "trade" and not user.blocked',
        outcome: 'matched',
        clauses: [
          { clause: 'user.plan == "trade"', outcome: true, values: { 'user.plan': 'trade' } },
          { clause: 'user.blocked', outcome: false, values: { 'user.blocked': false } },
        ],
      },
    ],
  }),
  decided('loyalty_note', ['on', 'off'], 'off', {
    why: 'everyone else: off',
    audiences: [
      {
        audience: 0,
        rule: 'user.orders > 10',
        outcome: 'not-matched',
        clauses: [{ clause: 'user.orders > 10', outcome: false, values: { 'user.orders': 3 } }],
      },
      { audience: 1, outcome: 'fallback', clauses: [] },
    ],
  }),
  viewedDecision('free_shipping', ['on', 'off']),
  decided('gift_cards', ['on', 'off'], 'off', { why: 'off for everyone' }),
];

/** The view of the example shop's home page, for the user Ada. */
export const SHOP: ToolbarView = {
  page: {
    method: 'GET',
    path: '/',
    user: 'ada',
    revision: 'd5cc99c0a1b2c3d4e5f60718293a4b5c6d7e8f90',
    stale: undefined,
  },
  used: USED,
  namespaces: [],
  unused: [
    viewedExperiment('checkout_steps', ['control', 'one_page'], '50% control, 50% one_page'),
    viewedExperiment('search_v2', ['on', 'off'], 'everyone: off'),
  ],
  context: [
    { path: 'locale', text: '"en-US"' },
    { path: 'user.id', text: '"ada"' },
    { path: 'user.plan', text: '"trade"' },
  ],
  contextJson: '{\n  "locale": "en-US",\n  "user": { "id": "ada", "plan": "trade" }\n}',
  forced: [],
};

/** The shop's view with the first experiment forced. */
export const FORCED: ToolbarView = {
  ...SHOP,
  used: [
    decided('experiment_1', ['treatment', 'inactive', 'control'], 'treatment', {
      why: 'forced by you',
      tone: 'forced',
      isForced: true,
      audiences: [],
      exposure: { recorded: true, overridden: true },
    }),
    ...USED.slice(1),
  ],
  forced: [{ name: 'experiment_1', value: 'treatment', from: 'cookie' }],
};

/** A namespace of a view. */
export const NAMESPACE: ViewedNamespace = {
  name: 'layout',
  experiment: 'wide',
  experiments: ['narrow', 'wide'],
  why: 'segment 17 of 100',
  isForced: false,
  canForce: true,
  calls: ['req.namespace()'],
  params: [
    { name: 'columns', value: '3', isForced: false },
    { name: 'title', value: '"Wide"', isForced: true },
  ],
  exposure: { recorded: true, overridden: true },
};

/** The set-up of a panel on the page `/`. */
export const SETUP: PanelSetup = {
  position: 'bottom-right',
  stylesheet: '__evenhand/toolbar.css',
  script: undefined,
  nonce: undefined,
  overrideAction: '__evenhand/override',
  shareAction: '__evenhand/share',
  shared: undefined,
  back: '/',
  dashboard: '/experiments',
  open: undefined,
};
