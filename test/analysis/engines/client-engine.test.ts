import { clientEngine } from '../../../src/analysis/engines/client-engine.ts';

const forever = () => new Promise<never>(() => {});

describe('clientEngine()', () => {
  it('returns the rows of the client', async () => {
    const rows = [{ one: 1 }];
    const engine = clientEngine({ dialect: 'trino', query: async () => rows });
    expect(await engine.query('SELECT 1')).toEqual(rows);
  });

  it.each([
    ['rejects', () => Promise.reject(new Error('out of slots')), 'out of slots'],
    ['rejects without an error', () => Promise.reject('out of slots'), 'out of slots'],
    [
      'throws',
      () => {
        throw new Error('out of slots');
      },
      'out of slots',
    ],
    ['returns an object', async () => ({ rows: [] }), 'must return a list of rows'],
    ['returns rows as lists of numbers', async () => [1], 'must return a list of rows'],
    ['returns nothing', async () => undefined, 'must return a list of rows'],
  ])('rejects with an AnalysisError if the client %s', async (_, query, message) => {
    const engine = clientEngine({ dialect: 'bigquery', query: query as never });
    const failure = engine.query('SELECT 1');
    await expect(failure).rejects.toMatchObject({ code: 'analysis' });
    await expect(failure).rejects.toThrow(message);
  });

  it('ends at the time limit if the client never answers', async () => {
    jest.useFakeTimers();
    const engine = clientEngine({ dialect: 'snowflake', query: forever });
    const failure = engine.query('SELECT 1', { timeoutMs: 1000 }).catch((error: unknown) => error);
    await jest.advanceTimersByTimeAsync(60_000);
    expect(String(await failure)).toContain('Snowflake did not finish within 1 s');
    jest.useRealTimers();
  });

  it.each([
    [{ dialect: 'oracle', query: forever }, 'dialect'],
    [{ dialect: 'trino' }, 'query'],
    [
      {
        dialect: 'trino',
        query: forever,
        sources: { exposures: { sql: 'SELECT 1', columns: [] } },
      },
      'two SELECTs',
    ],
  ])('refuses the options %j', (options, message) => {
    expect(() => clientEngine(options as never)).toThrow(message);
  });
});
