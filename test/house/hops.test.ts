import { enteredFiles } from './hops/entered-files.ts';

/** The most files that each trip may enter: so many a reader has to open to follow it. */
const TRIPS = [
  { trip: 'middleware', what: 'the middleware for a request', most: 8 },
  { trip: 'first variant', what: 'the first req.variant() of a request', most: 14 },
  { trip: 'second variant', what: 'the second req.variant() of a request', most: 5 },
  {
    trip: 'first variant with a new exposure',
    what: 'the first req.variant() with a new exposure, up to the queue,',
    most: 24,
  },
  { trip: 'variant without Express', what: 'client.participant().variant()', most: 15 },
  {
    trip: 'file to snapshot',
    what: 'evenhand({ source: path }), from file to snapshot,',
    most: 50,
  },
] as const;

describe('the way through the sources', () => {
  let entered: Awaited<ReturnType<typeof enteredFiles>>;

  beforeAll(async () => {
    entered = await enteredFiles();
  });

  it.each(TRIPS)('enters at most $most files for $what', ({ trip, most }) => {
    const files = entered[trip] ?? [];
    expect(files.length).toBeGreaterThan(0);
    // Compared as lists, so that a failure names the files.
    expect(files).toEqual(files.slice(0, most));
  });
});
