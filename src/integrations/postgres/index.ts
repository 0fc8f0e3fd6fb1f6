/** Entry point `evenhand/postgres`: experiments in PostgreSQL, and exposures to it. */

// The tables
export { migratePostgres, type Migrated } from './migrate.ts';

// Experiments that change while the application runs
export { postgresSource, type PostgresSourceOptions } from './source.ts';

// Writing them
export { type ChangedRow, type ChangeKind, type Authorship } from './store/change-set.ts';
export type { SwitchReach, SwitchState } from '../../changes/flip-switch.ts';
export {
  createPostgresStore,
  type PostgresStore,
  type StoreChange,
  type StoredSet,
} from './store/store.ts';
export type {
  HistoryOptions,
  PutSwitchOptions,
  StoreChangeOptions,
} from './store/store-options.ts';
export type { HistoryEntry, StoredExperiment } from './store/stored.ts';

// Namespaces
export {
  createPostgresNamespaces,
  type PostgresNamespaces,
  type PostgresNamespacesOptions,
} from './namespaces/postgres-namespaces.ts';
export type {
  ChangedSettings,
  ExperimentDefinition,
  NamespaceOperationRecord,
  NamespaceSettings,
  NamespaceSummary,
  NewExperiment,
  NewNamespace,
} from './namespaces/namespace-types.ts';
export { NamespaceError, type NamespaceProblem } from './namespaces/namespace-error.ts';

// Exposures
export { postgresSink, type PostgresSinkOptions } from './sink/postgres-sink.ts';

// The parts of the package pg that are used
export type {
  PostgresClient,
  PostgresConnectionOptions,
  PostgresNotification,
  PostgresOptions,
  PostgresPool,
  PostgresPoolClient,
  PostgresQueryable,
  PostgresResult,
  PostgresSchemaOptions,
} from './connection/connection.ts';
