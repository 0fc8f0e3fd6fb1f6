/**
 * The colours of light schemes. A hue means a variant or a state; everything else is ink on paper. The
 * variants' colours differ in lightness, so that they can be told apart without colour vision; change none
 * of them alone.
 */
const LIGHT = {
  paper: '#faf9f6',
  card: '#ffffff',
  sunk: '#f3f2ee',
  ink: '#16191c',
  quiet: '#545c63',
  line: '#e4e3de',
  edge: '#8b9096',
  v0: '#7d848b',
  v1: '#0a86dc',
  v2: '#e17400',
  v3: '#00543a',
  v4: '#893682',
  v5: '#5f5800',
  parked: '#92948f',
  bad: '#b42318',
  'bad-page': '#fdf0ee',
  'bad-line': '#f0c4bf',
  warn: '#7a4f00',
  'warn-page': '#fdf5e1',
  'warn-line': '#ecd9a4',
  good: '#166534',
  'good-page': '#edf7f0',
  add: '#e6f4ea',
  del: '#fce9e7',
  shade: '0 1px 2px rgb(22 25 28/.06), 0 16px 40px rgb(22 25 28/.16)',
};

/** The colours of dark schemes, by the names of the light ones. */
const DARK: Readonly<Record<keyof typeof LIGHT, string>> = {
  paper: '#121416',
  card: '#191c1f',
  sunk: '#212529',
  ink: '#eceeef',
  quiet: '#a3acb3',
  line: '#2c3136',
  edge: '#727b83',
  v0: '#838a91',
  v1: '#4a9eff',
  v2: '#d0683a',
  v3: '#5fe8b2',
  v4: '#f29ad8',
  v5: '#e2d873',
  parked: '#6b737a',
  bad: '#ff8f84',
  'bad-page': '#2b1917',
  'bad-line': '#5c2d28',
  warn: '#f0c04a',
  'warn-page': '#282113',
  'warn-line': '#574719',
  good: '#74d194',
  'good-page': '#15241a',
  add: '#16301f',
  del: '#3a1f1c',
  shade: '0 1px 2px rgb(0 0 0/.4), 0 16px 40px rgb(0 0 0/.55)',
};

const FONTS = {
  sans: 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  mono: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace',
};

/** The element whose variables a style sheet sets: of a page, or of a shadow root. */
export type TokenRoot = ':root' | ':host';

/**
 * Returns the colours and fonts as CSS variables for light and dark schemes. Those of a shadow root are
 * important, because a page's own rules would win over rules for `:host` otherwise.
 */
export function tokens(root: TokenRoot): string {
  const end = root === ':host' ? ' !important;' : ';';
  const set = (values: Readonly<Record<string, string>>): string =>
    Object.entries(values)
      .map(([name, value]) => `--${name}: ${value}${end}`)
      .join(' ');
  return `
${root} { color-scheme: light dark${end} ${set(LIGHT)} ${set(FONTS)} }
@media (prefers-color-scheme: dark) { ${root} { ${set(DARK)} } }
`;
}
