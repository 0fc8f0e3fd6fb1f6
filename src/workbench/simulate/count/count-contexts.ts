import type { PrepareContext } from '../../contexts/prepare-context.ts';
import type { Control } from './count-units.ts';
import { readContextRow } from '../input/context-rows.ts';
import { readLines } from '../input/read-lines.ts';
import type { Tally } from './tally.ts';
import type { UnitCounter } from './unit-counter.ts';

/** The part of a context file that one thread counts. */
export interface ContextPart {
  /** This thread's number, from 0; it reads each `of`-th line. */
  readonly part: number;
  /** The number of threads that read the file. */
  readonly of: number;
  /** The index of the first line that is ignored. */
  readonly maxLines: number;
}

/** The number of lines between two checks of the control. */
const STRIDE = 256;

/**
 * Counts the contexts of a stream of lines, each a JSON object; throws only errors of the stream.
 *
 * @param prepare makes a context from JSON like one of the application
 */
export async function countContexts(
  counter: UnitCounter,
  chunks: AsyncIterable<Uint8Array | string>,
  { part, of, maxLines }: ContextPart,
  control: Control,
  prepare: PrepareContext = (context) => context,
): Promise<Tally> {
  let read = 0;
  const isMine = (index: number): boolean => index % of === part;
  for await (const line of readLines(measured(chunks, control), isMine)) {
    if (line.index >= maxLines) break;
    if (read++ % STRIDE === 0 && control.stopped()) return counter.tally(true);
    const row = readContextRow(line);
    if (row.kind === 'context') counter.add(prepare(row.context), line.index);
    if (row.kind === 'broken') counter.addBroken({ line: line.index + 1, message: row.message });
  }
  return counter.tally(control.stopped());
}

async function* measured(
  chunks: AsyncIterable<Uint8Array | string>,
  control: Control,
): AsyncGenerator<Uint8Array | string> {
  for await (const chunk of chunks) {
    control.report(chunk.length);
    yield chunk;
  }
}
