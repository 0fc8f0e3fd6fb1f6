import type { RequestHandler } from 'express';
import type { Client } from '../client/client.ts';
import { healthOf } from '../client/status.ts';

const OK = 200;
const UNAVAILABLE = 503;

/**
 * A handler for readiness probes: 200 where requests can be decided, also by what is stale, as
 * a source that is down must not take an application down; else 503. The answer, a `HealthReport`, has
 * nothing in it that is not for everybody.
 */
export function healthHandler(client: Client): RequestHandler {
  return (_req, res) => {
    const report = healthOf(client.status());
    res
      .status(report.ready ? OK : UNAVAILABLE)
      .set('Cache-Control', 'no-store')
      .json(report);
  };
}
