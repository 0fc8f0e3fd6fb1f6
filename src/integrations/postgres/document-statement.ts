import type { ChangeNote } from '../../specification/raw.ts';
import { textIn } from './connection/row.ts';

/** The most notes about experiments, about removals and about namespaces; the log names 20 changes. */
const MAX_NOTES = 100;

/**
 * Returns a single statement, so that it reads a single state of the database. `$1` is the known
 * revision; if it is current, nothing else is read. `$2` is the largest size that is sent.
 *
 * The column `notes` has the latest changes with their authors. Removals are only in the history, which
 * a reader need not be allowed to read; the column `history` says whether it is.
 *
 * @param withRemovals true if the role may read the history
 */
export function documentStatement(prefix: string, withRemovals: boolean): string {
  const notes = [
    `SELECT name AS experiment, NULL AS namespace, author, reason, changed_at
      FROM ${prefix}evenhand_experiments ORDER BY changed_at DESC LIMIT ${MAX_NOTES}`,
    `SELECT NULL, namespace, author, reason, changed_at
      FROM ${prefix}evenhand_namespace_history ORDER BY changed_at DESC LIMIT ${MAX_NOTES}`,
    ...(withRemovals
      ? [
          `SELECT name, NULL, author, reason, changed_at FROM ${prefix}evenhand_history
      WHERE kind = 'experiment' AND action = 'remove' ORDER BY revision DESC LIMIT ${MAX_NOTES}`,
        ]
      : []),
  ];
  return `WITH now AS MATERIALIZED (
  SELECT revision::text AS revision,
    CASE WHEN revision::text = $1 THEN NULL ELSE ${prefix}evenhand_document() END AS document
  FROM ${prefix}evenhand_revision
)
SELECT revision, octet_length(document)::text AS bytes,
  CASE WHEN octet_length(document) <= $2::integer THEN document END AS document,
  CASE WHEN document IS NOT NULL THEN (
    SELECT json_agg(json_build_object('experiment', experiment, 'namespace', namespace,
      'author', author, 'reason', reason,
      'at', to_char(changed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
    ) ORDER BY changed_at)::text
    FROM (${notes.map((one) => `(${one})`).join(' UNION ALL ')}) AS latest
  ) END AS notes,
  CASE WHEN document IS NOT NULL THEN has_table_privilege(
    to_regclass('${prefix.replaceAll("'", "''")}evenhand_history'), 'SELECT'
  )::text END AS history
FROM now`;
}

/** Returns the notes in a row of {@link documentStatement}, the latest of a name last. */
export function notesIn(row: unknown): ChangeNote[] {
  const notes = JSON.parse(textIn(row, 'notes') ?? '[]') as Record<keyof ChangeNote, unknown>[];
  return notes.map((note) => ({
    experiment: textOf(note.experiment),
    namespace: textOf(note.namespace),
    author: textOf(note.author),
    reason: textOf(note.reason),
    at: textOf(note.at),
  }));
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Returns true if a row of {@link documentStatement} says that the role may read the history. */
export function mayReadHistory(row: unknown): boolean {
  return textIn(row, 'history') === 'true';
}
