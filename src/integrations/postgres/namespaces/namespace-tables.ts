import type {
  RawHistoryLine,
  RawNamespace,
} from '../../../specification/schema/namespace-shape.ts';
import type { PostgresQueryable } from '../connection/connection.ts';
import { requiredText, textIn } from '../connection/row.ts';
import type { Segments } from './allocate.ts';
import type { NamespaceOperationRecord } from './namespace-types.ts';

/** A namespace as it is, read while nobody else can change it or at one moment. */
export interface StoredNamespace {
  /** As the file would hold it. */
  readonly raw: RawNamespace;
  readonly dropped: boolean;
  /** Of its last operation, from 1. */
  readonly sequence: number;
  /** What the table of segments has. */
  readonly taken: Segments;
}

/** An operation that is to be written. */
export interface NewOperation {
  readonly operation: NamespaceOperationRecord['operation'];
  readonly line?: RawHistoryLine | undefined;
  /** What was added, or the settings. */
  readonly specification?: object | undefined;
}

/** Properties of an operation that only some operations have. */
type Optional = 'experiment' | 'segments' | 'definition' | 'specification' | 'reason';

/** An operation as the query gives it, parsed. */
type OperationItem = Omit<NamespaceOperationRecord, Optional | 'changedAt'> & {
  readonly [Name in Optional]: NonNullable<NamespaceOperationRecord[Name]> | null;
} & { readonly changedAt: string };

/** The tables of namespaces, through one connection. */
export class NamespaceTables {
  readonly #connection: PostgresQueryable;
  readonly #prefix: string;

  /** @param prefix what stands before names of tables and functions: the schema and a dot, or nothing */
  constructor(connection: PostgresQueryable, prefix: string) {
    this.#connection = connection;
    this.#prefix = prefix;
  }

  /** Keeps all others from changing the namespace until the transaction ends. */
  async lock(name: string): Promise<void> {
    await this.#rows(
      `SELECT name FROM ${this.#prefix}evenhand_namespaces WHERE name = $1 FOR UPDATE`,
      name,
    );
  }

  /** In one statement, and so as of one moment; undefined where there is no such namespace. */
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
      sequence: Number(textIn(row, 'sequence')),
      taken: new Map(JSON.parse(textIn(row, 'taken') ?? '[]') as [string, number[]][]),
    };
  }

  /** All namespaces that are in force, as the file would hold them. */
  async readAll(): Promise<readonly RawNamespace[]> {
    const [row] = await this.#rows(
      `SELECT ${this.#prefix}evenhand_namespaces_document() AS document`,
    );
    return JSON.parse(textIn(row, 'document') ?? '[]') as RawNamespace[];
  }

  /** The operations of a namespace, in their order. */
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

  /** Whether it could be made; else there is one of this name. */
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

  /** Of a namespace that is locked. */
  async updateSettings(name: string, settings: object): Promise<void> {
    await this.#rows(
      `UPDATE ${this.#prefix}evenhand_namespaces SET settings = $2 WHERE name = $1`,
      name,
      JSON.stringify(settings),
    );
  }

  /** Of a namespace that is locked. */
  async setDropped(name: string): Promise<void> {
    await this.#rows(
      `UPDATE ${this.#prefix}evenhand_namespaces SET dropped = true WHERE name = $1`,
      name,
    );
  }

  /** Writes a definition, in the place of one of the same name. */
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

  /** Rejects where one of them is taken: the table holds each segment once. */
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
   * Appends an operation to the history. To be called last: from here on others that change anything
   * wait.
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
