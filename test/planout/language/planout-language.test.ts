import { compileScript, Interpreter, PlanoutError } from '../../../src/planout/index.ts';
import vectors from '../../vectors/planout-language.json' with { type: 'json' };
import { documentedScript } from '../documented-differences.ts';

/** One run of a script by PlanOut's interpreter. */
interface RecordedRun {
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly salt: string;
  readonly overrides?: Readonly<Record<string, unknown>>;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly inExperiment?: boolean;
  readonly error?: string;
}

/** A script with the results of PlanOut's compiler and interpreter. */
interface LanguageCase {
  readonly id: number;
  readonly group: string;
  readonly script: string;
  readonly json?: unknown;
  readonly runs?: readonly RecordedRun[];
  readonly compileError?: string;
}

const cases = vectors.cases as readonly LanguageCase[];

/** The cases with another result than PlanOut's, and the row of docs/planout.md that says so. */
const DIFFERENT: ReadonlyMap<number, string> = new Map([
  [102, 'x = max(value=1, value=2);'],
  [103, 'x = "ab" * 2;'],
  [104, 'x = [map(a=1)];'],
  [105, 'x = null[0];'],
]);

/** Returns the result of a run of a script in either form. */
function resultOf(script: unknown, { salt, inputs, overrides }: RecordedRun): object {
  try {
    const run = new Interpreter(script, { salt, inputs, overrides });
    return { params: run.getParams(), inExperiment: run.inExperiment };
  } catch (error) {
    if (error instanceof PlanoutError) return { error: true };
    throw error;
  }
}

/** Returns the recorded result in the form of {@link resultOf}. */
function recorded({ params, inExperiment, error }: RecordedRun): object {
  return error === undefined ? { params, inExperiment } : { error: true };
}

/** Returns the error of compiling a script. */
function compileError(script: string): PlanoutError | undefined {
  try {
    compileScript(script);
  } catch (error) {
    if (error instanceof PlanoutError) return error;
    throw error;
  }
  return undefined;
}

/** Returns the titles and cases of a table test. */
const titled = (chosen: readonly LanguageCase[]) =>
  chosen.map((one) => [`${one.id} (${one.group}) ${JSON.stringify(one.script)}`, one] as const);

const identical = cases.filter(({ id }) => !DIFFERENT.has(id));
const compiled = identical.filter(({ json }) => json !== undefined);
const refused = cases.filter((one) => one.compileError !== undefined);

describe("PlanOut's language, compared with PlanOut's compiler and interpreter", () => {
  it('has 148 cases, each compiled or refused by the original compiler', () => {
    expect(cases).toHaveLength(148);
    expect(refused).toHaveLength(26);
    expect(compiled).toHaveLength(148 - 26 - DIFFERENT.size);
  });

  it.each(titled(compiled))('compiles to the same JSON: case %s', (_, { script, json }) => {
    expect(compileScript(script)).toStrictEqual(json);
  });

  it.each(titled(compiled.filter(({ runs }) => runs !== undefined)))(
    'has the same parameters from source text and from JSON: case %s',
    (_, { script, json, runs = [] }) => {
      expect(runs.length).toBeGreaterThan(0);
      for (const run of runs) {
        expect(resultOf(json, run)).toStrictEqual(recorded(run));
        expect(resultOf(script, run)).toStrictEqual(recorded(run));
      }
    },
  );

  it.each(titled(refused))(
    'is refused at the line that the original compiler reports: case %s',
    (_, one) => {
      const error = compileError(one.script);
      const [, line] = /line (\d+)/.exec(one.compileError ?? '') ?? [];
      expect(error).toMatchObject({ code: 'script', line: Number(line) });
      expect(error?.column).toBeGreaterThan(0);
      expect(error?.message).toMatch(/^\d+:\d+ /);
    },
  );

  it.each(titled(cases.filter(({ id }) => DIFFERENT.has(id))))(
    'differs as docs/planout.md says: case %s',
    (_, { id, script, runs = [] }) => {
      const { ours } = documentedScript(DIFFERENT.get(id) ?? '');
      for (const run of runs) {
        const result = resultOf(script, run);
        expect(result).not.toStrictEqual(recorded(run));
        expect('error' in result).toBe(ours === 'error');
      }
    },
  );
});
