import type { Sides } from '../compare/sides.ts';
import { type Check, caseOf, visitorOf } from './row.ts';

/** Returns the addresses to which both redirect. */
async function redirects(sides: Sides, redirectTo: string): Promise<(string | undefined)[]> {
  const given = caseOf(
    {},
    {
      guards: [{ kind: 'switch_off', name: 'sw_on', variant: 'off', redirectTo }],
    },
  );
  await sides.use(given);
  const answers = [sides.django, sides.express].map((side) => side.ask('/guarded/0', visitorOf(7)));
  return (await Promise.all(answers)).map(({ values }) => values('Location')[0]);
}

/** The rows about redirects. */
export const REDIRECT_ROWS: Readonly<Record<string, Check>> = {
  'a redirect to `plans`': async (sides) => {
    expect(await redirects(sides, 'plans')).toEqual(['/plans', 'plans']);
  },
  'a redirect to `/100%` or `/a^b`': async (sides) => {
    expect(await redirects(sides, '/100%')).toEqual(['/100%', '/100%25']);
    expect(await redirects(sides, '/a^b')).toEqual(['/a%5Eb', '/a^b']);
  },
};
