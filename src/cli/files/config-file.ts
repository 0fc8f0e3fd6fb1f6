import { resolve } from 'node:path';
import type { OperatorSet } from '../../planout/operator-set.ts';
import { createPolicy } from '../../assignment/policy.ts';
import { Snapshot } from '../../assignment/snapshot.ts';
import { readTextOf } from '../../sources/file/file-questions.ts';
import { DEFAULT_FILE } from '../../sources/file/settings-source.ts';
import { parseJson } from '../../json/parse.ts';
import { locate, type Position, type Side } from '../../json/positions.ts';
import { atOnce } from '../../runtime/steps.ts';
import { specificationAt } from '../../specification/schedule/schedule.ts';
import { specificationSteps } from '../../specification/specification.ts';
import type { Specification } from '../../specification/types.ts';
import type { Host } from '../host/host.ts';
import { aboutText } from '../output/problems.ts';
import { readText, unreadable } from '../../sources/file/unreadable.ts';

/** The path that stands for standard input. */
export const STDIN = '-';

/** A specification's text, not yet parsed. */
export interface ConfigText {
  /** The path as the user gave it, for messages; `(standard input)` for `-`. */
  readonly origin: string;
  /** The absolute path; undefined for standard input. */
  readonly path: string | undefined;
  readonly text: string;
  /** The instant whose audiences are in force in `snapshot`, in milliseconds since 1970. Default: now. */
  readonly atMs?: number | undefined;
  /** The custom operators that scripts in the text may call. Default: none. */
  readonly operators?: OperatorSet | undefined;
}

/** A valid specification and its text. */
export interface ConfigFile extends ConfigText {
  readonly atMs: number;
  /** The parsed JSON. */
  readonly data: unknown;
  /** As the text has it. */
  readonly specification: Specification;
  /** With the audiences in force at `atMs`. */
  readonly snapshot: Snapshot;
  /** Returns the place of a JSON Pointer in the text; undefined if it points to nothing. */
  position(pointer: string, side?: Side): Position | undefined;
}

/**
 * Reads a specification's text.
 *
 * @param path relative to the host's directory; `-` is standard input; default
 *   `experiments.config.json`
 * @param atMs the instant whose audiences are in force; default: now
 * @throws SourceError (`source`) if it can't be read
 */
export async function readConfig(
  host: Host,
  path: string = DEFAULT_FILE,
  atMs: number = host.now().getTime(),
): Promise<ConfigText> {
  const { operators } = host;
  if (path === STDIN) {
    const origin = '(standard input)';
    const text = await readTextOf(host.stdin.stream).catch((error: unknown) => {
      throw unreadable(origin, error);
    });
    return { origin, path: undefined, text, atMs, operators };
  }
  const absolute = resolve(host.cwd, path);
  return { origin: path, path: absolute, text: readText(absolute, path), atMs, operators };
}

/**
 * Parses and validates a specification's text.
 *
 * @throws SpecError (`json` or `spec`) with every problem, which is printed with excerpts
 */
export function parseConfig(config: ConfigText): ConfigFile {
  const { origin, text, operators, atMs = Date.now() } = config;
  return aboutText(text, origin, () => {
    const data = parseJson(text, origin);
    const specification = atOnce(specificationSteps(data, { origin, text, operators }));
    const inForce = specificationAt(specification, atMs);
    const snapshot = atOnce(Snapshot.steps(inForce, createPolicy({ logger: false })));
    return {
      ...config,
      atMs,
      data,
      specification,
      snapshot,
      position: (pointer, side = 'value') => locate(text, new Map([[pointer, side]])).get(pointer),
    };
  });
}

/** Reads, parses and validates a specification; throws what `readConfig` and `parseConfig` throw. */
export async function loadConfig(host: Host, path?: string, atMs?: number): Promise<ConfigFile> {
  return parseConfig(await readConfig(host, path, atMs));
}
