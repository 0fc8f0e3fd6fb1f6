import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SpecError } from '../../../src/errors/spec-error.ts';
import { blocksOf } from '../../docs/readme-blocks.ts';
import { ROOT } from '../../processes/repository.ts';
import { warnedText } from './warned.ts';

/** Warnings that samples may have: about the date, or about parts that a page adds later. */
const HARMLESS = /^(?:expired|same-seed|variant-parked|variant-unused):/;

/** The warnings that a page shows on purpose. */
const SHOWN: ReadonlyMap<string, readonly string[]> = new Map([
  ['docs/cli-reference.md', ['rule-constant', 'audience-unreachable']],
]);

/** The files with samples: the pages, the examples, and the file of this repository. */
const FILES = [
  'README.md',
  'experiments.config.json',
  ...['docs', 'examples', 'test/fixtures'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.(?:md|json)$/.test(path) && !path.includes('node_modules'))
      .map((path) => join(folder, path)),
  ),
];

/** Returns the texts of a file that may be specifications. */
function samplesIn(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  if (!file.endsWith('.md')) return [text];
  return blocksOf(text)
    .filter(({ language }) => language === 'json')
    .map((block) => block.text);
}

/** Returns the warnings about a text; undefined if it is not a valid specification. */
function warningsOf(text: string): string[] | undefined {
  try {
    return warnedText(text).filter((warning) => !HARMLESS.test(warning));
  } catch (error) {
    if (error instanceof SpecError) return undefined;
    throw error;
  }
}

describe('the warnings about the samples of this repository', () => {
  const samples = FILES.flatMap((file) =>
    samplesIn(file).flatMap((text) => {
      const warnings = warningsOf(text);
      return warnings === undefined ? [] : [{ file, warnings }];
    }),
  );

  it('read the samples of many pages', () => {
    expect(new Set(samples.map(({ file }) => file)).size).toBeGreaterThan(10);
  });

  it.each(FILES)('are none but the intended ones: %s', (file) => {
    const codes = samples
      .filter((sample) => sample.file === file)
      .flatMap(({ warnings }) => warnings)
      .map((warning) => warning.split(':', 1)[0]);
    expect(codes).toEqual(SHOWN.get(file) ?? []);
  });

  it.each([
    ['a custom path', { identity: 'tenant.id' }, 'tenant.plan == "pro"'],
    ['a value of the context provider', { identity: 'device_id' }, 'locale[:2] == "en"'],
    ['a list', { identity: 'anonymous' }, 'country in ["CA", "US"] and "beta" in labels'],
    ['a guard', { identity: 'user.id' }, 'user.is_authenticated and user.plan in ("pro", "team")'],
    [
      'a user without attributes',
      { identity: 'user.id' },
      'user.id in [1, 2] or user.is_anonymous',
    ],
    ['two values', { identity: 'account.id' }, 'account.country == country and country == "CA"'],
    ['numbers', { identity: 'random' }, '18 <= age < 65 and visits % 2 == 0'],
    [
      'dates',
      { identity: 'anonymous' },
      'signed_up >= "2026-01-01" and now < until and until.year > 1',
    ],
  ])('are none for a rule with %s', (_what, { identity }, rule) => {
    const experiment = {
      name: 'x',
      identity,
      variants: [{ name: 'a' }],
      audiences: [rule, undefined].map((one) => ({
        rule: one,
        allocations: [{ variant: 'a', percent: 100 }],
      })),
    };
    expect(warningsOf(JSON.stringify([experiment]))).toEqual([]);
  });
});
