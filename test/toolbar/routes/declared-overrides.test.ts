import * as fc from 'fast-check';
import { formatOverrides, parseOverrides } from '../../../src/express/cookies/override-cookie.ts';
import { overrideProblem } from '../../../src/express/cookies/override-warnings.ts';
import {
  changeOverrides,
  declaredOverrides,
  mergeOverrides,
  readOverride,
} from '../../../src/toolbar/routes/override-form.ts';
import { runs } from '../../runs.ts';
import { snapshot } from './routes-app.ts';

const name = fc.constantFrom(
  'checkout',
  'banner',
  'search',
  'shop',
  'shop.text',
  'shop.size',
  'shop%2Etext',
  'shop.other',
  'shop.',
  'gone.text',
  'gone',
  '__proto__',
  'constructor',
  '',
);
const value = fc.constantFrom(
  'control',
  'treatment',
  'red',
  'on',
  'links',
  'Buy',
  'Buy%20now',
  '1',
  '%31',
  '"1"',
  'null',
  '%',
  '',
);
const overrides = fc.array(fc.tuple(name, value), { maxLength: 6 }).map((pairs) => new Map(pairs));

describe('declaredOverrides', () => {
  it('keeps exactly the overrides that have no problem', () => {
    let kept = 0;
    fc.assert(
      fc.property(overrides, (all) => {
        const expected = [...all].filter(
          ([one, its]) => overrideProblem(one, its, snapshot) === undefined,
        );
        kept += expected.length;
        expect(declaredOverrides(all, snapshot)).toEqual(expected);
      }),
      { numRuns: runs(2000) },
    );
    expect(kept).toBeGreaterThan(20);
    expect(declaredOverrides(new Map([['checkout', 'treatment']]), undefined)).toEqual([]);
  });
});

describe('mergeOverrides', () => {
  it('adds what is declared, once, and leaves the rest as it is', () => {
    fc.assert(
      fc.property(overrides, overrides, (before, more) => {
        const merged = mergeOverrides(before, more, snapshot);
        for (const [one, its] of declaredOverrides(more, snapshot)) {
          expect([its, ...more.values()]).toContain(merged.get(one) ?? its);
        }
        const names = [...merged.keys()].map((key) => decodeURIComponent(key));
        const added = new Set(
          declaredOverrides(more, snapshot).map(([one]) => decodeURIComponent(one)),
        );
        expect(names.filter((one) => added.has(one))).toHaveLength(added.size);
        for (const [one, its] of before) {
          expect(added.has(decodeURIComponent(one)) || merged.get(one) === its).toBe(true);
        }
      }),
      { numRuns: runs(1000) },
    );
  });
});

describe('the cookie that the form writes', () => {
  it('is read as the same overrides, whatever a person typed', () => {
    const typed = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(fc.array(typed, { maxLength: 5 }), (texts) => {
        const pairs = texts.flatMap((one) => {
          const [key = '', its = ''] = readOverride(`shop.${one}`) ?? [];
          return key === '' ? [] : [[key, its] as const];
        });
        const all = new Map(pairs);
        expect([...parseOverrides(formatOverrides(all))]).toEqual([...all]);
      }),
      { numRuns: runs(1000) },
    );
  });

  it('has the value of a parameter that a person typed', () => {
    const set = 'shop.text:Buy 100% now: \u3000"x";\t\\,';
    const changed = changeOverrides(new Map(), new Map([['set', [set]]]), snapshot);
    const cookie = formatOverrides(changed.overrides ?? new Map());
    expect(cookie).toMatch(/^[!#-+\--:<-[\]-~]+$/);
    const [[key, its] = ['', '']] = parseOverrides(cookie);
    expect([key, decodeURIComponent(its)]).toEqual(['shop.text', set.slice('shop.text:'.length)]);
  });
});
