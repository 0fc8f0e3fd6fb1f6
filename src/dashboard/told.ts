import type { Request } from 'express';
import { thrownMessage } from '../errors/thrown.ts';
import type { Logger, OnceLogger } from '../runtime/logger.ts';
import { watchRejection } from '../runtime/thenable.ts';
import type { DashboardOptions } from './options.ts';
import type { WrittenChange } from './frame/visit.ts';

/** Writes a line about a change to the log, and tells the application. Never throws. */
export function tell(
  change: WrittenChange,
  req: Request,
  onChange: DashboardOptions['onChange'],
  { logger, once }: { readonly logger: Logger; readonly once: OnceLogger },
): void {
  const { part, author, reason, revision } = change;
  const done = revision === undefined ? 'proposed' : `revision=${JSON.stringify(revision)}`;
  logger.info?.(
    `evenhand: dashboard change ${done} ${part.kind}=${JSON.stringify(part.name)} author=${JSON.stringify(author)} reason=${JSON.stringify(reason)}`,
  );
  const failed = (thrown: unknown): void =>
    once.error(
      'dashboard onChange',
      `evenhand: dashboard(): the function "onChange" failed; the change was written: ${thrownMessage(thrown)}`,
    );
  try {
    watchRejection(onChange?.(change, req), failed);
  } catch (thrown) {
    failed(thrown);
  }
}
