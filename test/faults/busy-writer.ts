/**
 * Writes exposures, a cache file and a specification repeatedly until it is killed, and with a
 * database also there. Reports what counts as written. For killed.test.ts. Arguments: a directory,
 * the number of the run, and optionally the URL of a database.
 */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'pg';
import { writeFileAtomically } from '../../src/sources/file/write-file.ts';
import { createClient } from '../../src/client/client.ts';
import { fileSink } from '../../src/exposures/sinks/file/file-sink.ts';
import { postgresSink } from '../../src/integrations/postgres/sink/postgres-sink.ts';
import { createPostgresStore } from '../../src/integrations/postgres/store/store.ts';
import type { Source } from '../../src/sources/source.ts';
import { ACTIVE, specificationOf } from './written.ts';

const [directory = '', run = '', database = ''] = process.argv.slice(2);

/** Units in a batch. */
const UNITS = 50;

function tell(what: object): Promise<void> {
  return new Promise((resolve) => {
    process.send?.(what, () => resolve());
  });
}

/** A source that returns a different specification each time. */
function changing(): Source {
  let version = 0;
  return {
    name: 'changing',
    intervalMs: 100,
    load: async () => ({ origin: 'changing', data: specificationOf(version++) }),
  };
}

/** Exposes batch after batch, and reports the units of each written batch. */
async function expose(): Promise<void> {
  const pool = database === '' ? undefined : new Pool({ connectionString: database });
  const client = createClient({
    source: changing(),
    cacheFile: join(directory, 'cache.json'),
    exposures: {
      sinks: [
        fileSink({ path: join(directory, 'exposures.ndjson') }),
        ...(pool === undefined ? [] : [postgresSink({ pool })]),
      ],
    },
  });
  await client.ready();
  await tell({ begun: true });
  for (let batch = 0; ; batch++) {
    const units: string[] = [];
    for (let i = 0; i < UNITS; i++) {
      const id = `run ${run}, batch ${batch}, unit ${i}`;
      client.participant({ user: { id } }).variant(ACTIVE);
      units.push(id);
    }
    await client.exposures?.flush();
    await tell({ written: units });
  }
}

/** Writes a specification repeatedly. */
async function write(): Promise<void> {
  const path = join(directory, 'experiments.config.json');
  for (let version = 0; ; version++) {
    writeFileAtomically(path, JSON.stringify(specificationOf(version)), { shown: path });
    await pause(1);
  }
}

/** Writes a set to the database repeatedly, and reports the revision of each written set. */
async function put(): Promise<void> {
  if (database === '') return;
  const store = createPostgresStore({ pool: new Pool({ connectionString: database }) });
  // A different set than the last run's first one, so that the first change is a change.
  for (let version = Number(run); ; version++) {
    const { revision } = await store.put(specificationOf(version), { author: `run ${run}` });
    await tell({ put: revision });
  }
}

await Promise.all([expose(), write(), put()]);
