/** The overrides of a share link. */
export interface SharedOverrides {
  /** The host that the link works on, with its port, in lower case. */
  readonly host: string;
  /** At most 50: variant by experiment, namespace or `namespace.parameter`. */
  readonly overrides: ReadonlyMap<string, string>;
  /** Seconds since 1970. */
  readonly expires: number;
  /** The name of the person who shared; empty if unknown. */
  readonly by: string;
}

/** Signs a share link's token: base64url(JSON) `.` base64url(HMAC-SHA-256). */
export declare function signToken(shared: SharedOverrides, secret: string): string;

/** Verifies a token in constant time; undefined if it is forged, cut, expired, or for another host or purpose. */
export declare function verifyToken(
  token: string,
  secrets: readonly string[],
  host: string,
  nowMs: number,
): SharedOverrides | undefined;
