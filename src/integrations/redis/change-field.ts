import type { ChangeNote } from '../../specification/raw.ts';

/** The author of a change, and the reason for it. */
export interface RedisAuthorship {
  /** The author, for the log lines of the processes that load the change. @default none */
  author?: string | undefined;
  /** The reason for the change, for the same log lines. @default none */
  reason?: string | undefined;
}

/**
 * The field `change` is a text: the revision that it belongs to, the time of the change in milliseconds
 * since 1970, and JSON with the author and the reason. Other writers may replace the specification
 * without this field, so it only counts with its revision.
 */
const FIELD = /^(\d+) (\d+) (.+)$/s;

/** The longest field that is read, in bytes: an author and a reason of 2,000 characters each. */
export const MAX_CHANGE_BYTES = 32_768;

/** Returns the last part of the field. */
export function authorshipText({ author, reason }: RedisAuthorship): string {
  return JSON.stringify({ author, reason });
}

/** Returns the notes in the field; none if it belongs to another revision or can't be read. */
export function notesIn(field: string | undefined, revision: number): ChangeNote[] {
  const [, ofRevision, at, json] = FIELD.exec(field ?? '') ?? [];
  if (Number(ofRevision) !== revision || json === undefined) return [];
  try {
    const { author, reason } = JSON.parse(json) as ChangeNote;
    return [{ author, reason, at: new Date(Number(at)).toISOString() }];
  } catch {
    return [];
  }
}
