import crypto from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInThisContext } from 'node:vm';
import { CHARTS } from '../../research/randomness/charts/charts.ts';
import { tableNames, withTables } from '../../research/randomness/document.ts';
import { FAMILIES } from '../../research/randomness/families.ts';
import { FULL } from '../../research/randomness/measure.ts';
import { faultsOf, kindsOf, type Results } from '../../research/randomness/results.ts';
import { SEED_COUNT } from '../../research/randomness/seeds.ts';
import { allTasks, nameOf } from '../../research/randomness/tasks.ts';
import * as evenhand from '../../src/index.ts';
import { blocksOf } from '../docs/readme-blocks.ts';

const ROOT = join(__dirname, '../..');
const IMAGES = join(ROOT, 'docs/images/randomness');

const doc = readFileSync(join(ROOT, 'docs/randomness.md'), 'utf8');
const results = JSON.parse(readFileSync(join(IMAGES, 'results.json'), 'utf8')) as Results;

/** The largest picture, in bytes. */
const MAX_SVG_BYTES = 80_000;

describe('docs/images/randomness/results.json', () => {
  it('has the whole measurement', () => {
    expect(results.amounts).toEqual(FULL);
    expect(results.seeds).toBe(SEED_COUNT);
    expect(results.families.map(({ name, ids }) => [name, ids])).toEqual(
      FAMILIES.map(({ name, count }) => [name, count]),
    );
    const { families, changes, bits, operators, units } = results;
    // Two for the changes of each family; segments and random have one each.
    const parts = [families, bits, operators, units].reduce((sum, list) => sum + list.length, 2);
    expect(parts + changes.length / 2).toBe(allTasks().length);
    expect(new Set(allTasks().map(nameOf)).size).toBeGreaterThan(FAMILIES.length * 3);
  });

  it('has no deviation that chance does not explain', () => {
    expect(faultsOf(results)).toEqual([]);
    expect(kindsOf(results).reduce((sum, { tests }) => sum + tests, 0)).toBeGreaterThan(300_000);
  });

  it('would show a fault', () => {
    const [first, ...others] = results.families;
    if (first === undefined) throw new Error('there are no families');
    const uneven = { ...first, uniformity: { ...first.uniformity, worst: 1e-12 } };
    const faults = faultsOf({ ...results, families: [uneven, ...others] });
    expect(faults).toMatchObject([{ name: 'Buckets of a seed are even', worst: 1e-12 }]);
    const total = { ...first, pairs: { ...first.pairs, total: 1e-12 } };
    const ofTotals = faultsOf({ ...results, families: [total, ...others] });
    expect(ofTotals).toMatchObject([{ worstOf: `${first.name}: all pairs together` }]);
  });
});

describe('docs/randomness.md', () => {
  it('shows the figures of the results', () => {
    expect(withTables(doc, results)).toBe(doc);
    const [first, ...others] = results.families;
    if (first === undefined) throw new Error('there are no families');
    const changed = { ...results, families: [{ ...first, ids: 1234 }, ...others] };
    expect(withTables(doc, changed)).not.toBe(doc);
  });

  it('gets tables between its marks, and keeps everything else', () => {
    const empty = '<!-- measured: kinds -->\n<!-- end -->\n';
    const once = withTables(`before\n${empty}between\n${empty}after\n`, results);
    expect(once.match(/^\| Buckets of a seed are even /gm)).toHaveLength(2);
    expect(once).toMatch(/^before\n<!--[^]*\n<!-- end -->\nbetween\n<!--[^]*-->\nafter\n$/);
    expect(withTables(once, results)).toBe(once);
  });

  it('has each table once, and no unknown ones', () => {
    const marks = [...doc.matchAll(/<!-- measured: (\w+) -->/g)].map(([, name = '']) => name);
    expect(marks.toSorted()).toEqual(tableNames().toSorted());
    expect(() => withTables('<!-- measured: nothing -->\n\n<!-- end -->', results)).toThrow(
      RangeError,
    );
  });

  it('shows each picture', () => {
    const shown = [...doc.matchAll(/!\[[^\]]+\]\(images\/randomness\/([^)]+)\)/g)];
    expect(shown.map(([, name = '']) => name).toSorted()).toEqual([...CHARTS.keys()].toSorted());
    const files = readdirSync(IMAGES);
    expect(files.toSorted()).toEqual([...CHARTS.keys(), 'results.json'].toSorted());
  });

  it('names the program that measures', () => {
    const [program, output] = blocksOf(doc).filter(({ language }) => /^(js|text)$/.test(language));
    const lines: string[] = [];
    const modules = { evenhand, 'node:crypto': crypto };
    const body = (program?.text ?? '').replaceAll(
      /^import (.+) from '([^']+)';$/gm,
      "const $1 = modules['$2'];",
    );
    const run = runInThisContext(`(modules, console) => {${body}}`) as (
      given: typeof modules,
      console: { log: (text: string) => void },
    ) => void;
    run(modules, { log: (text) => lines.push(`${text}\n`) });
    expect(lines.join('')).toBe(output?.text);
  });
});

describe('the pictures', () => {
  it.each([...CHARTS])('%s matches the results', (name, draw) => {
    const svg = readFileSync(join(IMAGES, name), 'utf8');
    expect(draw(results)).toBe(svg);
    expect(svg.length).toBeLessThan(MAX_SVG_BYTES);
    expect(svg).toMatch(/^<svg [^>]*role="img" aria-label="[^"]+">\n<title>/);
    expect(svg).not.toMatch(/NaN|undefined|Infinity|<script|href/);
  });
});
