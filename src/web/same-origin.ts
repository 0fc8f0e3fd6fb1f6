import type { Request } from 'express';

/**
 * Returns true if a form of this very site sent the request: `Sec-Fetch-Site` is `same-origin`; without that
 * header, the host in `Origin` equals `Host`, or the origin is trusted.
 */
export declare function isSameOrigin(req: Request, trustedOrigins: readonly string[]): boolean;
