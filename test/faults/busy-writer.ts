/**
 * Writes everything Evenhand writes, over and over, until it is killed: exposures, a cache file, a
 * specification, and, where there is a database, both there too. Tells what counts as written. For
 * killed.test.ts. Arguments: a directory, the number of the run, the URL of a database or nothing.
 */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'pg';
import { writeFileAtomically } from '../../src/cli/files/write-file.ts';
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

/** A source whose specification is another one each time it is asked. */
function changing(): Source {
  let version = 0;
  return {
    name: 'changing',
    intervalMs: 100,
    load: async () => ({ origin: 'changing', data: specificationOf(version++) }),
  };
}

/** Exposes batch after batch, and tells the units of each that counts as written. */
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

/** Writes a specification again and again. */
async function write(): Promise<void> {
  const path = join(directory, 'experiments.config.json');
  for (let version = 0; ; version++) {
    writeFileAtomically(path, JSON.stringify(specificationOf(version)), { shown: path });
    await pause(1);
  }
}

/** Puts a set in the database again and again, and tells the revision of each that counts as put. */
async function put(): Promise<void> {
  if (database === '') return;
  const store = createPostgresStore({ pool: new Pool({ connectionString: database }) });
  // Another set than the one the last run began with, or the first change would be none.
  for (let version = Number(run); ; version++) {
    const { revision } = await store.put(specificationOf(version), { author: `run ${run}` });
    await tell({ put: revision });
  }
}

await Promise.all([expose(), write(), put()]);
