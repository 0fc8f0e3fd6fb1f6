import { sqlStateOf } from './sql-state.ts';

/** Remedies by PostgreSQL's error code (its manual, appendix A). */
const ADVICE: ReadonlyMap<string, string> = new Map([
  ...['42P01', '42883', '3F000'].map(
    (code) =>
      [
        code,
        'create the tables with "evenhand postgres migrate"; if they are in a schema outside the search_path, set the option "schema"',
      ] as const,
  ),
  [
    '42501',
    'readers need SELECT on the tables, and writers need more; docs/sources.md lists the GRANT statements',
  ],
  ['25006', 'this server is read-only; connect to the primary'],
  [
    '55P03',
    'another writer has held the lock for too long; try again, or look for it in pg_stat_activity',
  ],
  ['22P05', 'PostgreSQL cannot store \\u0000 in text; remove it'],
]);

/** Returns the remedy for an error of PostgreSQL, after a semicolon; empty if none is known. */
export function adviceFor(error: unknown): string {
  const advice = ADVICE.get(sqlStateOf(error) ?? '');
  return advice === undefined ? '' : `; ${advice}`;
}
