import { type BodyKind, firstBytes, isUtf16, kindOfBody } from './body-kind.ts';

/** The first bytes of a body, read until its kind is known. */
export class BodyStart {
  /** A body that a browser shows as a page counts as a document, except in UTF-16. */
  private readonly isPage: boolean;
  private bytes = '';
  private known: BodyKind = 'unknown';

  constructor(isPage: boolean) {
    this.isPage = isPage;
  }

  get kind(): BodyKind {
    return this.known;
  }

  /**
   * Reads the next bytes of the body.
   *
   * @returns false if Node will refuse the chunk
   */
  read(chunk: unknown, encoding: unknown): boolean {
    if (this.known !== 'unknown') return true;
    const bytes = firstBytes(chunk, encoding);
    if (bytes === undefined) return false;
    this.bytes += bytes;
    if (this.bytes === '') return true;
    if (!this.isPage) this.known = kindOfBody(this.bytes);
    else this.known = isUtf16(this.bytes) ? 'utf-16' : 'document';
    return true;
  }

  /** Decides by the bytes so far, because no more come in time. */
  conclude(): void {
    if (this.known === 'unknown') this.known = this.isPage ? 'document' : 'other';
  }
}
