import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as core from '../../src/assignment/parse-experiments.ts';
import type { EvenhandError } from '../../src/errors/evenhand-error.ts';
import { revive } from './revive.ts';

interface Golden {
  readonly experiments: readonly unknown[];
  readonly decisions: readonly {
    readonly context: object;
    /** The variants by experiment, as are the buckets and errors. */
    readonly variants: Readonly<Record<string, string>>;
    readonly buckets: Readonly<Record<string, number>>;
    readonly errors: Readonly<Record<string, string>>;
  }[];
}

/**
 * The SHA-256 of the file without its line breaks. It never changes, because this was promised to
 * users (docs/stability.md). New vectors go into a new file, with a test of its own.
 */
const DIGEST = '1d985c7abfad20a4c0f99d8bcc9e8d5a1fd060afb6f1888e4eb36ec33ebbe94b';

const golden = JSON.parse(
  readFileSync(join(__dirname, '../vectors/golden.json'), 'utf8'),
) as Golden;

/** Loads the core with or without WebAssembly. */
function loadCore(webAssembly: boolean): typeof core {
  const loaded: { core?: typeof core } = {};
  const given: unknown = Reflect.get(globalThis, 'WebAssembly');
  if (!webAssembly) Reflect.set(globalThis, 'WebAssembly', undefined);
  try {
    jest.isolateModules(() => {
      loaded.core = jest.requireActual<typeof core>('../../src/assignment/parse-experiments.ts');
    });
  } finally {
    Reflect.set(globalThis, 'WebAssembly', given);
  }
  if (loaded.core === undefined) throw new Error('not loaded');
  return loaded.core;
}

describe('golden.json', () => {
  it('has not changed', () => {
    expect(createHash('sha256').update(JSON.stringify(golden)).digest('hex')).toBe(DIGEST);
  });

  it('covers 22 experiments, 100 contexts and every kind of identity', () => {
    expect(golden.experiments).toHaveLength(22);
    expect(golden.decisions).toHaveLength(100);
    const ids = golden.decisions.map(({ context }) => {
      const { user } = revive(context) as { user: { id: unknown } };
      return user.id === null ? 'null' : typeof user.id;
    });
    expect([...new Set(ids)].sort()).toEqual([
      'bigint',
      'boolean',
      'null',
      'number',
      'object',
      'string',
    ]);
  });
});

describe.each([
  ['WebAssembly', true],
  ['TypeScript', false],
])('decisions, hashed in %s', (_, webAssembly) => {
  const { parseExperiments } = loadCore(webAssembly);
  const snapshot = parseExperiments(golden.experiments, { logger: false });

  function decide(json: object) {
    const participant = snapshot.participant(revive(json) as object);
    const variants: Record<string, string> = {};
    const buckets: Record<string, number> = {};
    const errors: Record<string, string> = {};
    for (const { name } of snapshot.experiments) {
      const { bucket } = participant.explain(name);
      if (bucket !== undefined) buckets[name] = bucket;
      try {
        variants[name] = participant.variant(name) ?? '';
      } catch (error) {
        errors[name] = (error as EvenhandError).code;
      }
    }
    return { variants, buckets, errors };
  }

  it.each(golden.decisions.map((decision, i) => ({ i, ...decision })))(
    'are the promised ones for context $i',
    ({ context, variants, buckets, errors }) => {
      expect(decide(context)).toEqual({ variants, buckets, errors });
    },
  );
});
