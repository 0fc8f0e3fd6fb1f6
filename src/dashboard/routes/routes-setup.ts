import type { Request } from 'express';
import type { OnceLogger } from '../../runtime/logger.ts';
import type { FormDefinition, PageDefinition } from '../frame/page-definition.ts';
import type { Board } from '../frame/visit.ts';
import type { Gate } from './access.ts';
import type { BasePath } from './place.ts';

/** The dependencies of the dashboard's routes. */
export interface RoutesSetup {
  readonly pages: readonly PageDefinition[];
  readonly forms: readonly FormDefinition[];
  readonly gate: Gate;
  /** Returns the parts of the dashboard for a request. */
  readonly board: (req: Request) => Board;
  /** False for a dashboard that only reads: every form answers 405. */
  readonly canWrite: boolean;
  readonly trustedOrigins: readonly string[];
  readonly basePath: BasePath;
  readonly stylesheet: string;
  readonly script: string;
  readonly once: OnceLogger;
  /** Returns the time in milliseconds since 1970. */
  readonly now: () => number;
}
