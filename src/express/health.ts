import type { RequestHandler } from 'express';
import type { Client } from '../client/client.ts';
import { healthOf } from '../client/status.ts';

const OK = 200;
const UNAVAILABLE = 503;

/**
 * Returns a handler for readiness probes: 200 if requests can be decided, otherwise 503. The states
 * `stale` and `degraded` get 200 too, because a source that is down or a broken rule must not take the
 * application down. The response, a `HealthReport`, contains only public data.
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
