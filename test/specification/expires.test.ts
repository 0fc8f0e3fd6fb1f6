import { parseExperiments, SpecError } from '../../src/index.ts';

const experiment = {
  name: 'search',
  identity: 'user.id',
  variants: [{ name: 'a' }],
  audiences: [{ allocations: [{ variant: 'a', percent: 100 }] }],
};

/** Returns the problems of a day. */
function problemsOf(expires: unknown): string[] {
  try {
    parseExperiments([{ ...experiment, expires }]);
    return [];
  } catch (error) {
    if (!(error instanceof SpecError)) throw error;
    return error.problems.map(({ path, message }) => `${path} ${message}`);
  }
}

describe('the property expires', () => {
  it('is kept unchanged and affects nothing else', () => {
    const [spec] = parseExperiments([{ ...experiment, expires: '2027-03-31' }]).experiments;
    const [without] = parseExperiments([experiment]).experiments;
    expect(spec).toEqual({ ...without, expires: '2027-03-31' });
    expect(without).not.toHaveProperty('expires');
  });

  it.each(['2027-03-31', '2028-02-29', '0001-01-01', '2026-12-31'])('may be %s', (day) => {
    expect(problemsOf(day)).toEqual([]);
  });

  it.each([
    ['2027-02-29', 'expires is 2027-02-29, but 2027-02 has only 28 days'],
    ['2027-04-31', 'expires is 2027-04-31, but 2027-04 has only 30 days'],
    ['2027-4-3', 'expires must be a date such as "2027-03-31", not "2027-4-3"'],
    ['2027-13-01', 'expires must be a date such as "2027-03-31", not "2027-13-01"'],
    ['2027-03-32', 'expires must be a date such as "2027-03-31", not "2027-03-32"'],
    [
      '2027-03-31T00:00:00Z',
      'expires must be a date such as "2027-03-31", not "2027-03-31T00:00:00Z"',
    ],
    [20270331, 'expires must be a date such as "2027-03-31", not 20270331'],
    [null, 'expires must be a date such as "2027-03-31", not null'],
  ])('can’t be %j', (day, message) => {
    expect(problemsOf(day)).toEqual([`/0/expires ${message}`]);
  });
});
