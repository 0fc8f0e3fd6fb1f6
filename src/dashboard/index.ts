/** Entry point `evenhand/dashboard`: pages that show a team its experiments, and let it change them. */

export { dashboard } from './dashboard.ts';
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
