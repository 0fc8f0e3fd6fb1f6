import type { Request } from 'express';
import { thrownMessage } from '../errors/thrown.ts';
import type { Logger, OnceLogger } from '../runtime/logger.ts';
import { watchRejection } from '../runtime/thenable.ts';
import { within } from '../runtime/within.ts';
import { StoreError } from '../errors/store-errors.ts';
import type { DashboardOptions } from './options.ts';
import type { Propose, WrittenChange } from './frame/visit.ts';

/** The longest wait for a proposal, in milliseconds: a command may push to another server. */
const PROPOSE_MS = 60_000;

/** The most characters of the address of a proposal. */
const MAX_ADDRESS = 2000;

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

/** Returns the function that proposes changes for a request; undefined without the option. */
export function proposer(propose: DashboardOptions['propose'], req: Request): Propose | undefined {
  if (propose === undefined) return undefined;
  return async (change) => {
    const late = () => new StoreError(`"propose" did not answer within ${PROPOSE_MS} ms`);
    const address = await within(propose(change, req), PROPOSE_MS, late);
    return typeof address === 'string' ? address.slice(0, MAX_ADDRESS) : undefined;
  };
}
