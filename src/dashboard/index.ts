/** Entry point `evenhand/dashboard`: pages that show a team its experiments, and let it change them. */

export { dashboard } from './dashboard.ts';
export { fileStore, type FileStore } from './store/file-store.ts';
export type { PutText, SpecificationStore, StoredText } from './store/specification-store.ts';
export type { DashboardAccess, DashboardOptions } from './options.ts';
export type { Right } from './frame/rights.ts';
export type { WrittenChange } from './frame/visit.ts';
export type {
  Authorship,
  DocumentEdit,
  DocumentPart,
  HistoryQuery,
  PastChange,
  StoredDocument,
  Workspace,
} from './store/workspace.ts';
