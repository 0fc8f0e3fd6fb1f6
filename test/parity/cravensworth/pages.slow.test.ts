import * as fc from 'fast-check';
import { runs } from '../../runs.ts';
import { describeWithOriginals } from '../environment/python.ts';
import { SEED } from '../../seed.ts';
import { Tally } from './compare/decision.ts';
import { comparePages, type Seen } from './compare/page.ts';
import { Sides } from './compare/sides.ts';
import { cases, printed } from './generate/cases.ts';
import { guards, pages } from './generate/pages.ts';

/** The pages and guarded routes that each run compares, at least. */
const PAGES = 400;
const GUARDS = 1000;

const withPages = fc
  .record({ given: cases, page: pages, routes: fc.array(guards, { minLength: 1, maxLength: 5 }) })
  .map(({ given, page, routes }) =>
    printed({ ...given, page, guards: routes, visitors: given.visitors.slice(0, 6) }),
  );

describeWithOriginals('the template tags and decorators of Cravensworth', () => {
  const sides = new Sides();
  const seen: Seen = { pages: 0, guards: 0, statuses: new Map() };

  const tally = new Tally();

  beforeAll(() => sides.start());

  it('give the same pages and answers as the tags, helpers, functions and guards of Evenhand', async () => {
    expect.hasAssertions();
    await fc.assert(
      fc.asyncProperty(withPages, async (given) => {
        await expect(comparePages(sides, given, seen, tally)).resolves.toBeUndefined();
      }),
      { seed: SEED, numRuns: runs(220) },
    );
  });

  it(`were compared on more than ${PAGES} pages and ${GUARDS} guarded requests, with every status`, () => {
    expect(seen.pages).toBeGreaterThan(PAGES);
    expect(seen.guards).toBeGreaterThan(GUARDS);
    expect([...seen.statuses.keys()].toSorted((a, b) => a - b)).toEqual([200, 302, 404, 500]);
  });
});
