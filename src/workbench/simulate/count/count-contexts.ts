import type { Control } from './count-units.ts';
import { readContextRow } from '../input/context-rows.ts';
import { readLines } from '../input/read-lines.ts';
import type { Tally } from './tally.ts';
import type { UnitCounter } from './unit-counter.ts';

/** Which part of a context file is counted. */
export interface ContextPart {
  /** This thread's number, from 0; it reads each `of`-th line. */
  readonly part: number;
  /** How many threads read the file. */
  readonly of: number;
  /** Lines from this index on are left alone. */
  readonly maxLines: number;
}

/** Lines between two looks at the control. */
const STRIDE = 256;

/** Counts the contexts of a stream of lines, each a JSON object. What it throws, the stream threw. */
export async function countContexts(
  counter: UnitCounter,
  chunks: AsyncIterable<Uint8Array | string>,
  { part, of, maxLines }: ContextPart,
  control: Control,
): Promise<Tally> {
  let read = 0;
  const isMine = (index: number): boolean => index % of === part;
  for await (const line of readLines(measured(chunks, control), isMine)) {
    if (line.index >= maxLines) break;
    if (read++ % STRIDE === 0 && control.stopped()) return counter.tally(true);
    const row = readContextRow(line);
    if (row.kind === 'context') counter.add(row.context, line.index);
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
