import { sqlStateOf } from './sql-state.ts';

/** What to do, by PostgreSQL's codes of errors (its manual, appendix A). */
const ADVICE: ReadonlyMap<string, string> = new Map([
  ...['42P01', '42883', '3F000'].map(
    (code) =>
      [
        code,
        'the tables are made by "evenhand postgres migrate"; where they are in a schema that is not in the search_path, name it with the option schema',
      ] as const,
  ),
  [
    '42501',
    'readers need SELECT on the tables, writers more: docs/sources.md of Evenhand has the GRANTs',
  ],
  ['25006', 'this is a server for reading only: write to the primary one'],
  ['55P03', 'another writer has been at it for too long; try again, or look at pg_stat_activity'],
  ['22P05', 'PostgreSQL keeps no \\u0000 in texts'],
]);

/** What to do about an error of PostgreSQL, behind a semicolon; or an empty text. */
export function adviceFor(error: unknown): string {
  const advice = ADVICE.get(sqlStateOf(error) ?? '');
  return advice === undefined ? '' : `; ${advice}`;
}
