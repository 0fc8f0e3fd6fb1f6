import { DuckDBInstance } from '@duckdb/node-api';
import { byHand, scanLines } from '../work/analysis/by-hand.mjs';
import {
  CHECKSUM,
  EXPOSURES_FILE,
  FOLDER,
  LINES,
  LINES_FILE,
  makeData,
  OUTCOMES_FILE,
  UNITS,
} from '../work/analysis/data.mjs';
import { analyseColumns, analyseLines, MEMORY_LIMIT, OURS } from '../work/analysis/ours.mjs';

const CPU = 'columns, s of CPU';
const MEMORY = 'peak memory, MB';
const STATISTICS = 'statistics, ms';
const LINES_CPU = 'lines, s of CPU';
const LINES_MEMORY = 'with lines, MB';

const BY_HAND = 'by hand';
const [EVENHAND, ...FURTHER] = OURS;

const KB_PER_MB = 1024;

export const suite = {
  name: 'analysis',
  title: `Analysis of ${UNITS.toLocaleString('en')} units, and of ${LINES.toLocaleString('en')} lines`,
  contestants: [BY_HAND, ...OURS],
  ours: OURS,
  rounds: 1,
  // Nothing of bench/node_modules is used.
  peers: false,
  tasks: { columns, lines },
  ratiosTo: [BY_HAND],
  plainColumns: [STATISTICS],
  prepare: makeData,
  targets: [
    {
      what: `${EVENHAND} : ${BY_HAND}, ${CPU}`,
      figure: (at) => at(EVENHAND, CPU) / at(BY_HAND, CPU),
      atMost: 1.15,
    },
    { what: `${EVENHAND}, ${MEMORY}`, figure: (at) => at(EVENHAND, MEMORY), atMost: 2500 },
    ...FURTHER.map((contestant) => ({
      what: `${contestant}, s of CPU more`,
      figure: (at) => at(contestant, CPU) - at(EVENHAND, CPU),
      atMost: 3,
    })),
    { what: `${EVENHAND}, ${STATISTICS}`, figure: (at) => at(EVENHAND, STATISTICS), atMost: 20 },
    {
      what: `${EVENHAND} : ${BY_HAND}, ${LINES_CPU}`,
      figure: (at) => at(EVENHAND, LINES_CPU) / at(BY_HAND, LINES_CPU),
      atMost: 1.2,
    },
  ],
};

/** Measures the whole analysis of columns in Parquet, from opening DuckDB to the result. */
async function columns(contestant) {
  if (contestant === BY_HAND) {
    const statement = byHand(
      `read_parquet('${EXPOSURES_FILE}')`,
      `read_parquet('${OUTCOMES_FILE}')`,
    );
    const { rows, cpu } = await measured(() => query(statement));
    proveUnits(rows.reduce((sum, { units }) => sum + Number(units), 0));
    return { [CPU]: cpu, [MEMORY]: peakMb() };
  }
  const { result, statisticsMs, cpu } = await measured(() => analyseColumns(contestant));
  proveUnits(result.units.total + result.units.mixed);
  return { [CPU]: cpu, [MEMORY]: peakMb(), [STATISTICS]: statisticsMs };
}

/** Measures the same for lines of JSON. */
async function lines(contestant) {
  if (contestant === BY_HAND) {
    const { cpu } = await measured(() => query(scanLines(LINES_FILE)));
    return { [LINES_CPU]: cpu, [LINES_MEMORY]: peakMb() };
  }
  if (contestant !== EVENHAND) return {};
  const { cpu } = await measured(() => analyseLines(CHECKSUM));
  return { [LINES_CPU]: cpu, [LINES_MEMORY]: peakMb() };
}

async function measured(run) {
  const before = process.cpuUsage();
  const done = await run();
  const { user, system } = process.cpuUsage(before);
  return { ...done, cpu: (user + system) / 1e6 };
}

/** The most memory that the process has had. */
function peakMb() {
  return process.resourceUsage().maxRSS / KB_PER_MB;
}

async function query(statement) {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '2',
    memory_limit: MEMORY_LIMIT,
    temp_directory: `${FOLDER}/spill`,
    preserve_insertion_order: 'false',
  });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  const reader = await connection.runAndReadAll(statement);
  const rows = reader.getRowObjectsJson();
  connection.closeSync();
  instance.closeSync();
  return { rows };
}

/** Every unit is exposed, so each contestant has to find all of them. */
function proveUnits(units) {
  if (units !== UNITS) throw new Error(`${units} units were analysed, not ${UNITS}`);
}
