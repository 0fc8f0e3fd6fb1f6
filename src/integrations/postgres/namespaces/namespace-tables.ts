import type {
  RawHistoryLine,
  RawNamespace,
} from '../../../specification/schema/namespace-shape.ts';
import type { PostgresQueryable } from '../connection/connection.ts';
import { requiredNumber, requiredText, textIn } from '../connection/row.ts';
import type { Segments } from './allocate.ts';
import type { NamespaceOperationRecord } from './namespace-types.ts';

/** A namespace in the database, as of one moment. */
export interface StoredNamespace {
  /** The namespace as in `experiments.config.json`. */
  readonly raw: RawNamespace;
  readonly dropped: boolean;
  /** The number of its last operation, from 1. */
  readonly sequence: number;
  /** The rows of the segment table. */
  readonly taken: Segments;
}

/** An operation to append to the history. */
export interface NewOperation {
  readonly operation: NamespaceOperationRecord['operation'];
  readonly line?: RawHistoryLine | undefined;
  /** The added definition, or the settings. */
  readonly specification?: object | undefined;
}

/** The properties that only some operations have. */
type Optional = 'experiment' | 'segments' | 'definition' | 'specification' | 'reason';

/** An operation in the parsed result of the query. */
type OperationItem = Omit<NamespaceOperationRecord, Optional | 'changedAt'> & {
  readonly [Name in Optional]: NonNullable<NamespaceOperationRecord[Name]> | null;
} & { readonly changedAt: string };

/** Access to the tables of namespaces over one connection. */
export class NamespaceTables {
  readonly #connection: PostgresQueryable;
  readonly #prefix: string;

  /** @param prefix the prefix of table and function names: the schema and a dot, or nothing */
  constructor(connection: PostgresQueryable, prefix: string) {
    this.#connection = connection;
    this.#prefix = prefix;
  }

  /** Locks the namespace until the transaction ends. */
  async lock(name: string): Promise<void> {
    await this.#rows(
      `SELECT name FROM ${this.#prefix}evenhand_namespaces WHERE name = $1 FOR UPDATE`,
      name,
    );
  }

  /** Reads a namespace in one statement; undefined if it does not exist. */
  async read(name: string): Promise<StoredNamespace | undefined> {
    const [row] = await this.#rows(
      `SELECT ${this.#prefix}evenhand_namespace_document(n.name) AS document,
        n.dropped::text AS dropped,
        (SELECT coalesce(max(h.sequence), 0)::text
          FROM ${this.#prefix}evenhand_namespace_history AS h WHERE h.namespace = n.name) AS sequence,
        (SELECT json_agg(json_build_array(s.experiment, s.segments))::text FROM (
          SELECT experiment, json_agg(segment ORDER BY segment) AS segments
          FROM ${this.#prefix}evenhand_namespace_segments
          WHERE namespace = n.name GROUP BY experiment
        ) AS s) AS taken
      FROM ${this.#prefix}evenhand_namespaces AS n WHERE n.name = $1`,
      name,
    );
    if (row === undefined) return undefined;
    return {
      raw: JSON.parse(requiredText(row, 'document')) as RawNamespace,
      dropped: textIn(row, 'dropped') === 'true',
      sequence: requiredNumber(row, 'sequence'),
      taken: new Map(JSON.parse(textIn(row, 'taken') ?? '[]') as [string, number[]][]),
    };
  }

  /** Reads all namespaces that have not been dropped, as in `experiments.config.json`. */
  async readAll(): Promise<readonly RawNamespace[]> {
    const [row] = await this.#rows(
      `SELECT ${this.#prefix}evenhand_namespaces_document() AS document`,
    );
    return JSON.parse(textIn(row, 'document') ?? '[]') as RawNamespace[];
  }

  /** Reads the operations of a namespace, in order. */
  async readHistory(name: string): Promise<NamespaceOperationRecord[]> {
    const [row] = await this.#rows(
      `SELECT json_agg(json_build_object(
        'sequence', sequence, 'operation', operation, 'experiment', experiment,
        'segments', segments, 'definition', definition, 'specification', specification,
        'author', author, 'role', role, 'reason', reason,
        'changedAt', to_char(changed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
      ) ORDER BY sequence)::text AS history
      FROM ${this.#prefix}evenhand_namespace_history WHERE namespace = $1`,
      name,
    );
    const items = JSON.parse(textIn(row, 'history') ?? '[]') as OperationItem[];
    return items.map((item) => ({
      ...item,
      experiment: item.experiment ?? undefined,
      segments: item.segments ?? undefined,
      definition: item.definition ?? undefined,
      specification: item.specification ?? undefined,
      reason: item.reason ?? undefined,
      changedAt: new Date(item.changedAt),
    }));
  }

  /** Inserts a namespace. Returns false if the name is taken. */
  async insertNamespace(name: string, segments: number, settings: object): Promise<boolean> {
    const rows = await this.#rows(
      `INSERT INTO ${this.#prefix}evenhand_namespaces (name, segments, settings)
      VALUES ($1, $2, $3) ON CONFLICT DO NOTHING RETURNING name`,
      name,
      segments,
      JSON.stringify(settings),
    );
    return rows.length > 0;
  }

  /** Replaces the settings of a locked namespace. */
  async updateSettings(name: string, settings: object): Promise<void> {
    await this.#rows(
      `UPDATE ${this.#prefix}evenhand_namespaces SET settings = $2 WHERE name = $1`,
      name,
      JSON.stringify(settings),
    );
  }

  /** Marks a locked namespace as dropped. */
  async setDropped(name: string): Promise<void> {
    await this.#rows(
      `UPDATE ${this.#prefix}evenhand_namespaces SET dropped = true WHERE name = $1`,
      name,
    );
  }

  /** Writes a definition, and replaces one of the same name. */
  async putDefinition(namespace: string, name: string, definition: object): Promise<void> {
    await this.#rows(
      `INSERT INTO ${this.#prefix}evenhand_namespace_definitions (namespace, name, definition)
      VALUES ($1, $2, $3)
      ON CONFLICT (namespace, name) DO UPDATE SET definition = excluded.definition`,
      namespace,
      name,
      JSON.stringify(definition),
    );
  }

  /**
   * Assigns segments to an experiment. Rejects if one is taken, because each segment has one row.
   */
  async takeSegments(
    namespace: string,
    experiment: string,
    segments: readonly number[],
  ): Promise<void> {
    if (segments.length === 0) return;
    await this.#rows(
      `INSERT INTO ${this.#prefix}evenhand_namespace_segments (namespace, segment, experiment)
      SELECT $1, segment::integer, $2 FROM json_array_elements_text($3::json) AS segment`,
      namespace,
      experiment,
      JSON.stringify(segments),
    );
  }

  /** Frees all segments of an experiment. */
  async freeSegments(namespace: string, experiment: string): Promise<void> {
    await this.#rows(
      `DELETE FROM ${this.#prefix}evenhand_namespace_segments
      WHERE namespace = $1 AND experiment = $2`,
      namespace,
      experiment,
    );
  }

  /**
   * Appends an operation to the history. Call it last: from here on all other writers wait.
   */
  async appendOperation(
    namespace: string,
    sequence: number,
    { operation, line = {}, specification }: NewOperation,
  ): Promise<void> {
    const { add, remove, segments } = line;
    await this.#rows(
      `INSERT INTO ${this.#prefix}evenhand_namespace_history
        (namespace, sequence, operation, experiment, segments, definition, specification)
      VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      namespace,
      sequence,
      operation,
      add ?? remove ?? null,
      segments ?? null,
      add === undefined ? null : (line.experiment ?? add),
      specification === undefined ? null : JSON.stringify(specification),
    );
  }

  async #rows(text: string, ...values: unknown[]): Promise<readonly unknown[]> {
    return (await this.#connection.query(text, values)).rows;
  }
}
