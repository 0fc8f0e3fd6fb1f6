import { SourceError } from '../../errors/store-errors.ts';
import { fetchFailure } from './http-request.ts';

const LF = 0x0a;
const CR = 0x0d;
/** The only field that matters; its colon and value may be missing. */
const DATA = Buffer.from('data:');
const NAME_LENGTH = 'data'.length;

/**
 * Counts the events in the bytes of a stream of server-sent events. It keeps no text, so long lines cost
 * no memory. Comments, which keep a connection open, and blocks without data don't count.
 *
 * Source: WHATWG HTML, section 9.2.6 "Interpreting an event stream".
 */
export class EventCounter {
  private column = 0;
  /** True if the line matches `data:` so far. */
  private isData = true;
  private hasData = false;
  private afterCr = false;

  /** Returns the number of events that end in these bytes. */
  count(bytes: Uint8Array): number {
    let events = 0;
    for (const byte of bytes) {
      const isBreak = byte === CR || (byte === LF && !this.afterCr);
      // The second half of a line break.
      if (byte === LF && this.afterCr) {
        this.afterCr = false;
        continue;
      }
      this.afterCr = byte === CR;
      if (!isBreak) {
        if (this.column < DATA.length) this.isData &&= byte === DATA[this.column];
        this.column++;
        continue;
      }
      if (this.column > 0) {
        this.hasData ||= this.isData && this.column >= NAME_LENGTH;
      } else if (this.hasData) {
        events++;
        this.hasData = false;
      }
      this.column = 0;
      this.isData = true;
    }
    return events;
  }
}

/**
 * Listens to a stream of server-sent events until it ends.
 *
 * @param changed called at the start and after each event
 * @param alive called after each chunk
 *
 * Rejects with SourceError (`source`) if the response is not such a stream, or breaks off.
 */
export async function listenToEvents(
  response: Response,
  { changed, alive }: { changed: () => void; alive: () => void },
  shown: string,
): Promise<void> {
  const { status, headers, body } = response;
  const type = headers.get('content-type') ?? '';
  if (status !== 200 || !type.startsWith('text/event-stream') || body === null) {
    await body?.cancel();
    throw new SourceError(
      `${shown}: the answer is not a stream of server-sent events (status ${status}, type ${JSON.stringify(type.slice(0, 60))})`,
    );
  }
  changed();
  const counter = new EventCounter();
  try {
    for await (const chunk of body) {
      alive();
      if (counter.count(chunk) > 0) changed();
    }
  } catch (error) {
    throw new SourceError(`${shown}: the stream broke off: ${fetchFailure(error)}`, {
      cause: error,
    });
  }
}
