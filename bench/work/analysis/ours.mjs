import { builtFile } from '../../harness/build.mjs';
import { EXPERIMENT, EXPOSURES_FILE, FOLDER, LINES_FILE, OUTCOMES_FILE, UNTIL } from './data.mjs';

/** The limit of DuckDB's memory, for every contestant. */
export const MEMORY_LIMIT = '2GB';

const metrics = (cap) => [
  { name: 'buyers', outcome: 'purchase', type: 'proportion' },
  { name: 'revenue', outcome: 'purchase', type: 'sum', value: 'value', cap },
  { name: 'views', outcome: 'view', type: 'count', window: '14d', cap },
];

const specification = (cap) => ({
  metrics: metrics(cap),
  experiments: [
    {
      name: EXPERIMENT,
      identity: 'user.id',
      seed: 'seed',
      variants: [{ name: 'control' }, { name: 'blue' }, { name: 'green' }],
      audiences: [
        {
          allocations: [
            { variant: 'control', percent: 34 },
            { variant: 'blue', percent: 33 },
            { variant: 'green', percent: 33 },
          ],
        },
      ],
      analysis: { primary: ['buyers'], secondary: ['revenue', 'views'] },
    },
  ],
});

/** The options of each contestant. */
const OPTIONS = {
  evenhand: {},
  'and a segment': { segments: ['country'] },
  'and caps': {},
  'and a time line': { timeLine: true },
};

/** The contestants that are ours. The first has three metrics and CUPED; the others have one option more. */
export const OURS = Object.keys(OPTIONS);

const instant = (text) => text.replace(' ', 'T').replace('+00', '.000Z');

/** Analyses the columns, and returns the result with the time of the statistics in milliseconds. */
export async function analyseColumns(contestant) {
  return run({
    contestant,
    engine: {
      sources: {
        exposures: {
          sql: `SELECT unit, "at", variant, country FROM read_parquet('${EXPOSURES_FILE}')`,
          columns: ['country'],
        },
        outcomes: {
          sql: `SELECT unit, "at", name, value FROM read_parquet('${OUTCOMES_FILE}')`,
          columns: ['value'],
        },
      },
    },
  });
}

/** Analyses the lines. */
export async function analyseLines(checksum) {
  return run({ contestant: 'evenhand', engine: { records: LINES_FILE }, checksum });
}

async function run({ contestant, engine: options, checksum }) {
  const { analyze, duckdbEngine } = await import(builtFile('dist/esm/analysis/index.js'));
  const engine = duckdbEngine({
    ...options,
    memoryLimit: MEMORY_LIMIT,
    threads: 2,
    tempDirectory: `${FOLDER}/spill`,
  });
  let since;
  const result = await analyze({
    specification: specification(contestant === 'and caps' ? 0.999 : null),
    experiment: EXPERIMENT,
    engine,
    until: instant(UNTIL),
    now: new Date(instant(UNTIL)),
    ...(checksum === undefined ? {} : { checksum }),
    ...OPTIONS[contestant],
    timeoutMs: 3_600_000,
    onProgress: (step) => {
      if (step === 'statistics') since ??= performance.now();
    },
  });
  const statisticsMs = since === undefined ? undefined : performance.now() - since;
  await engine.close();
  return { result, statisticsMs };
}
