import * as fc from 'fast-check';

/** Clauses over the values of generate/values.ts that are true or false for users who are logged in. */
const CLAUSES = [
  'user.is_authenticated',
  'user.is_anonymous',
  'country == "SE"',
  'country in ["SE", "Åland"]',
  'country not in ("CA",)',
  '0 <= n < 6',
  'n % 3 == 1',
  'n // 2 > 2',
  'half >= 0.5',
  'yes',
  'none is None',
  'user.id is not None',
  '"p" in tags',
  'tags[-1] == "q"',
  'tenant.size > n',
  'tenant["size"] == 3',
  '[tag for tag in tags if tag > "p"] != []',
  '{"SE": yes, "CA": False}["SE"]',
  'anonymous == "0"',
] as const;

/** Clauses that fail for visitors who are not logged in. */
const GUARDED = [
  'user.plan == "pro"',
  'user.plan in ["free", "équipe"]',
  '"beta" in user.tags',
  'user.plan + "!" < "pro"',
] as const;

/** Clauses that fail for everyone, or for Cravensworth only. */
const FAILING = [
  'nowhere == 1',
  'user.nothing',
  'n / 0 > 1',
  'n < country',
  'n',
  'tags[9] == "p"',
  'tenant["nothing"] == 1',
  'tenant.nothing',
  '[x for x in n] == []',
  '"plan" in user',
  'user["plan"] == "pro"',
  'user.is_staff',
  'user is None',
] as const;

const clauses = fc.oneof(
  { arbitrary: fc.constantFrom(...CLAUSES), weight: 40 },
  {
    arbitrary: fc.constantFrom(...GUARDED).map((one) => `(user.is_authenticated and ${one})`),
    weight: 20,
  },
  { arbitrary: fc.constantFrom(...GUARDED), weight: 1 },
  { arbitrary: fc.constantFrom(...FAILING), weight: 1 },
);

/** Rules of one to four clauses. The language itself is compared in test/parity/rules. */
export const rules: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: clauses, weight: 4 },
  {
    arbitrary: fc
      .tuple(clauses, fc.constantFrom('and', 'or'), clauses)
      .map((parts) => parts.join(' ')),
    weight: 3,
  },
  { arbitrary: clauses.map((clause) => `not (${clause})`), weight: 1 },
  {
    arbitrary: fc
      .tuple(clauses, clauses, clauses)
      .map(([test, one, other]) => `(${one}) if (${test}) else (${other})`),
    weight: 1,
  },
);
