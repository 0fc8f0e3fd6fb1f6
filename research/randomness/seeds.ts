/** The number of seeds with which everything is measured. */
export const SEED_COUNT = 100;

/** Typical names of experiments. */
const NAMES = [
  'new_search',
  'checkout_button',
  'onboarding',
  'pricing_page',
  'free_shipping',
  'recommendations',
  'homepage_hero',
  'dark_mode',
  'push_reminder',
  'annual_discount',
  'signup_form',
  'email_subject',
  'cart_upsell',
  'image_size',
  'ranking_model',
  'cache_rollout',
  'invite_friends',
  'trial_length',
  'video_autoplay',
  'search_suggestions',
];

/**
 * Seeds that differ as little as possible: in their ends, beginnings, case, bits or leading digits.
 */
const SIMILAR = [
  'a',
  'b',
  'c',
  'aa',
  'ab',
  'ba',
  'search',
  'Search',
  'SEARCH',
  'search_',
  '_search',
  'searches',
  'search2',
  'search_v2',
  'search_v3',
  '1search',
  '11search',
  '111search',
  '0search',
  '00search',
];

/** Long seeds, which move an id out of the hash's last block, and seeds beyond ASCII. */
const UNUSUAL = [
  '',
  ' ',
  '.',
  '|',
  '0',
  '1',
  '2',
  '10',
  'spring-2026',
  'spring-2027',
  'x'.repeat(16),
  'x'.repeat(17),
  'x'.repeat(48),
  'x'.repeat(49),
  'x'.repeat(100),
  `${'x'.repeat(99)}y`,
  'Größe',
  'поиск',
  '検索',
  '🎲',
];

/**
 * The seeds: 40 numbered ones, 20 typical names, 20 that resemble each other and 20 unusual ones.
 */
export const SEEDS: readonly string[] = [
  ...Array.from({ length: 40 }, (_, i) => `experiment_${i + 1}`),
  ...NAMES,
  ...SIMILAR,
  ...UNUSUAL,
];
