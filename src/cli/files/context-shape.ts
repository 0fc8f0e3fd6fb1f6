import { resolve } from 'node:path';
import { quote } from '../../errors/show-value.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import { parseJson } from '../../json/parse.ts';
import { isObject } from '../../options/check-options.ts';
import { readTextOf } from '../../sources/file/file-questions.ts';
import { readText, unreadable } from '../../sources/file/unreadable.ts';
import { ContextShape } from '../../specification/context/shape.ts';
import { readContextRow } from '../../workbench/simulate/input/context-rows.ts';
import type { Host } from '../host/host.ts';
import { aboutText } from '../output/problems.ts';
import { STDIN } from './config-file.ts';

/** The names and types of sample contexts. */
export interface Sample {
  readonly shape: ContextShape;
  /** The lines that hold no context, each with its number and the reason. */
  readonly skipped: readonly string[];
}

/**
 * Reads sample contexts: one JSON object per line, a JSON list of objects, or one object.
 *
 * @param path relative to the host's directory; `-` is standard input
 * @throws SourceError (`source`) if the file can't be read
 * @throws OptionError (`option`) if it holds no context
 */
export async function sampleShape(host: Host, path: string): Promise<Sample> {
  const origin = path === STDIN ? '(standard input)' : path;
  const text = await textOf(host, path, origin);
  const shape = new ContextShape();
  const skipped: string[] = [];
  const whole = wholeJson(text);
  if (whole === undefined) {
    for (const [index, line] of text.split('\n').entries()) {
      const row = readContextRow({ index, bytes: Buffer.from(line) });
      if (row.kind === 'context') shape.add(row.context);
      else if (row.kind === 'broken') skipped.push(`line ${index + 1}: ${row.message}`);
    }
  } else {
    for (const [index, item] of whole.entries()) {
      if (isObject(item)) shape.add(item);
      else skipped.push(`item ${index + 1}: not a JSON object such as {"user": {"id": 4}}`);
    }
  }
  if (shape.contexts > 0) return { shape, skipped };
  const [reason = 'it is empty'] = skipped;
  throw new OptionError(
    `${origin} holds no context, which is a JSON object such as {"user": {"id": 4}}: ${reason}`,
  );
}

/**
 * Reads a shape that the running application has recorded.
 *
 * @throws SourceError (`source`) if the file can't be read
 * @throws SpecError (`json`) if it is not JSON
 * @throws OptionError (`option`) if it is not a shape
 */
export async function recordedShape(host: Host, path: string): Promise<ContextShape> {
  const origin = path === STDIN ? '(standard input)' : path;
  const text = await textOf(host, path, origin);
  const json = aboutText(text, origin, () => parseJson(text, origin));
  const shape = ContextShape.parse(json);
  if (shape !== undefined) return shape;
  throw new OptionError(
    `${origin} is not a shape that the option "recordContextShape" has written; pass sample contexts ` +
      `with --contexts ${quote(path)}`,
  );
}

async function textOf(host: Host, path: string, origin: string): Promise<string> {
  if (path !== STDIN) return readText(resolve(host.cwd, path), path);
  return readTextOf(host.stdin.stream).catch((error: unknown) => {
    throw unreadable(origin, error);
  });
}

/** Returns the items of a JSON document; undefined if the text is not one document. */
function wholeJson(text: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [value];
  } catch {
    return undefined;
  }
}
