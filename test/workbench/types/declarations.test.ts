import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { sameDeclarations, writeDeclarations } from '../../../src/workbench/types/declarations.ts';
import { atOnce } from '../../../src/runtime/steps.ts';
import { specificationSteps } from '../../../src/specification/specification.ts';

const PRETTIER = join(__dirname, '../../../node_modules/prettier/bin/prettier.cjs');

const all = (variant: string) => [{ allocations: [{ variant, percent: 100 }] }];
const experiment = (name: string, more: object) => ({
  name,
  identity: 'user.id',
  variants: [{ name: 'a', value: { steps: 1 } }, { name: 'b' }],
  audiences: all('a'),
  ...more,
});

function declare(...entries: unknown[]): string {
  const { experiments } = atOnce(specificationSteps(entries, { origin: 'test' }));
  return writeDeclarations(experiments, 'experiments.config.json');
}

describe('writeDeclarations', () => {
  it('declares each experiment with its variants and the type of their values', () => {
    const text = declare(
      'search:on',
      experiment('one', { description: 'Does it  sell?\nReally?', owner: 'shop' }),
    );
    expect(text)
      .toBe(`// Written by \`npx evenhand types\` from experiments.config.json; don't edit.
import 'evenhand';

declare module 'evenhand' {
  interface Experiments {
    search: {
      variant: 'on' | 'off';
      value: undefined;
    };
    /** Does it sell? Really? (shop) */
    one: {
      variant: 'a' | 'b';
      value: {
        readonly steps: number;
      } | undefined;
    };
  }
}
`);
  });

  it('keeps a description inside its comment', () => {
    const text = declare(experiment('one', { description: 'x */ export {} /*', owner: '*/' }));
    expect(text.match(/\*\//g)).toHaveLength(1);
  });

  it('breaks a long union into lines', () => {
    const variants = Array.from({ length: 20 }, (_, i) => ({ name: `variant_${i}` }));
    const text = declare(experiment('one', { variants, audiences: all('variant_0') }));
    expect(text).toContain("\n      variant:\n        | 'variant_0'\n        | 'variant_1'\n");
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it('declares an empty interface without experiments', () => {
    expect(declare()).toContain('  interface Experiments {\n  }\n');
  });
});

describe('sameDeclarations', () => {
  const text = declare(
    'search:on',
    experiment('one', { description: 'A test' }),
    experiment('many', {
      variants: Array.from({ length: 20 }, (_, i) => ({ name: `variant_${i}` })),
      audiences: all('variant_0'),
    }),
  );

  it.each([
    [],
    ['--single-quote', '--print-width=60'],
    ['--no-semi', '--use-tabs'],
    ['--single-quote', '--end-of-line=crlf'],
  ])('ignores formatting by prettier with %s %s', (...options) => {
    const args = [PRETTIER, '--parser=typescript', '--no-config', ...options];
    const formatted = execFileSync(process.execPath, args, { input: text, encoding: 'utf8' });
    expect(formatted).not.toBe(text);
    expect(sameDeclarations(formatted, text)).toBe(true);
  });

  it('detects a different variant, type or experiment', () => {
    expect(sameDeclarations(text.replace("'on'", "'no'"), text)).toBe(false);
    expect(sameDeclarations(text.replace('number', 'string'), text)).toBe(false);
    expect(sameDeclarations(text.replace('search', 'searches'), text)).toBe(false);
    expect(sameDeclarations('', text)).toBe(false);
  });
});
