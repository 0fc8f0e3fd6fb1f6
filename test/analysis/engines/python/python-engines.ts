import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { EngineRow } from '../../../../src/analysis/engine.ts';
import { type Prepared, preparePython } from '../../../parity/environment/prepare.ts';
import { TESTS_EVERYTHING } from '../../../runs.ts';
import { describeWith, findProgram } from '../../../servers/find-program.ts';

/** The databases that are installed from PyPI. */
export type PythonEngine = 'clickhouse' | 'spark';

/** The longest time for all statements of one engine, in milliseconds. */
const PATIENCE_MS = 280_000;

const MAX_ANSWER_BYTES = 100_000_000;

let prepared: Prepared | undefined;

/** The environment of both engines, made on first use. */
function environment(): Prepared {
  if (!TESTS_EVERYTHING) return { python: undefined, problems: 'only npm run test:all has it' };
  return (prepared ??= preparePython(join(__dirname, 'requirements.txt')));
}

/** A `describe` for tests that need ClickHouse (the package chdb) or Spark (the package pyspark). */
export function describeWithPythonEngine(
  engine: PythonEngine,
  title: string,
  tests: () => void,
): void {
  const needed = {
    clickhouse: {
      name: 'ClickHouse from PyPI',
      program: environment().python,
      install: 'sudo apt-get install python3-venv, and access to PyPI',
      variable: 'EVENHAND_REQUIRE_CHDB',
    },
    spark: {
      name: 'Spark from PyPI, and Java',
      program: findProgram('java') === undefined ? undefined : environment().python,
      install: 'sudo apt-get install python3-venv default-jre-headless, and access to PyPI',
      variable: 'EVENHAND_REQUIRE_SPARK',
    },
  };
  describeWith(needed[engine], title, tests);
}

/** A run: files with records by the names of their tables, and statements by any names. */
export interface EngineRequest {
  readonly tables: Readonly<Record<string, string>>;
  readonly statements: Readonly<Record<string, string>>;
}

/** Rows or errors by the names of the statements, and facts about the engine. */
export interface EngineAnswer {
  readonly facts: { readonly version: string; readonly workers?: number };
  readonly answers: Readonly<
    Record<
      string,
      { readonly rows?: readonly EngineRow[]; readonly error?: string; readonly seconds?: number }
    >
  >;
}

/** Runs all statements in one session of the engine. */
export async function runOnPython(
  engine: PythonEngine,
  request: EngineRequest,
): Promise<EngineAnswer> {
  const { python, problems } = environment();
  if (python === undefined) throw new Error(`Python is missing\n${problems}`);
  const running = promisify(execFile)(python, [join(__dirname, 'run_statements.py'), engine], {
    maxBuffer: MAX_ANSWER_BYTES,
    timeout: PATIENCE_MS,
  });
  running.child.stdin?.end(JSON.stringify(request));
  return JSON.parse((await running).stdout) as EngineAnswer;
}
