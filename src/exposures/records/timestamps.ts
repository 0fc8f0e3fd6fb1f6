/** ISO 8601 in UTC with milliseconds; what several records of one millisecond share is made once. */
export class Timestamps {
  private ms = Number.NaN;
  private text = '';

  /** @param ms since 1970 */
  of(ms: number): string {
    if (ms !== this.ms) {
      this.ms = ms;
      this.text = new Date(ms).toISOString();
    }
    return this.text;
  }
}
