import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { createClient } from '../../../src/client/client.ts';
import { exposureRecordSchema } from '../../../src/exposures/records/schema.ts';
import { recordingSink } from '../../../src/testing/recording-sink.ts';
import { experiment } from '../../assignment/build.ts';
import { closing } from '../../closing.ts';

const ROOT = join(__dirname, '../../..');
const FILE = 'exposure.schema.json';

const validate = new Ajv2020({ formats: { uuid: true, 'date-time': true } }).compile(
  exposureRecordSchema,
);

/** A record of each kind, with all that can be there and with as little as there can be. */
async function recordsOfAllKinds() {
  const sinks = [recordingSink(), recordingSink()];
  const [full, bare] = sinks;
  const source = {
    experiments: [
      experiment(),
      experiment({ name: 'drawn', identity: 'random' }),
      { ...experiment({ name: 'kept' }), sticky: true },
    ],
    namespaces: [
      {
        name: 'space',
        unit: 'user.id',
        segments: 1,
        experiments: [{ name: 'one', script: 'x = 1;' }],
        history: [{ add: 'one', segments: 1 }],
      },
    ],
  };
  const clients = [
    closing(
      createClient({
        source,
        exposures: {
          sink: full ?? recordingSink(),
          service: 's',
          session: 'visit',
          context: ['visit'],
        },
      }),
    ),
    closing(createClient({ source, exposures: { sink: bare ?? recordingSink() } })),
  ];
  for (const client of clients) {
    const who = client.participant({ user: { id: 'x'.repeat(2000) }, visit: 'v' });
    who.variant('exp');
    who.variant('drawn');
    const user = { id: 'ada' };
    const units = { 'user.id': user.id };
    const assignments = [{ experiment: 'kept', seed: 'kept', variant: 'a', units }];
    client.participant({ user }, { assignments }).variant('kept');
    who.namespace('space').get('x');
    who.track('purchase', { value: 1 });
    client.participant({}, { overrides: { exp: 'a' } }).variant('exp');
    client.participant({}).track('visit');
    await client.close();
  }
  return sinks.flatMap(({ records }) => records);
}

describe('exposureRecordSchema', () => {
  it('is in schema/exposure.schema.json', () => {
    const script = join(ROOT, 'scripts/generate-schema.mjs');
    const generated = execFileSync(process.execPath, [script, '--print', FILE], {
      encoding: 'utf8',
    });
    expect(readFileSync(join(ROOT, 'schema', FILE), 'utf8')).toBe(generated);
  });

  it('is a valid schema of draft 2020-12', () => {
    expect(new Ajv2020().validateSchema(exposureRecordSchema)).toBe(true);
  });

  it('explains every property', () => {
    const all = Object.values(exposureRecordSchema.$defs).flatMap(({ properties }) =>
      Object.values(properties),
    );
    expect(all.length).toBeGreaterThan(20);
    for (const schema of all) {
      expect(schema).toHaveProperty('description', expect.stringMatching(/\.$/));
    }
  });

  it('accepts every record, as JSON', async () => {
    const records = await recordsOfAllKinds();
    expect(records).toHaveLength(14);
    const faults = records.flatMap((record) =>
      validate(JSON.parse(JSON.stringify(record))) ? [] : [record, validate.errors],
    );
    expect(faults).toEqual([]);
    const used = new Set(records.flatMap((record) => Object.keys(record)));
    const { exposure, outcome } = exposureRecordSchema.$defs;
    const known = [exposure, outcome].flatMap(({ properties }) => Object.keys(properties));
    expect([...used].sort()).toEqual([...new Set(known)].sort());
  });

  it('accepts nothing else', async () => {
    const [record] = await recordsOfAllKinds();
    const broken = [
      {},
      { ...record, version: 2 },
      { ...record, event: 'other' },
      { ...record, unknown: 1 },
      { ...record, id: 'x' },
      { ...record, bucket: 10_000 },
      { ...record, overridden: undefined },
    ].map((one) => validate(JSON.parse(JSON.stringify(one))));
    expect(broken).toEqual(broken.map(() => false));
  });

  it('is exported by the package', () => {
    const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      exports: Record<string, unknown>;
    };
    expect(exports[`./${FILE}`]).toBe(`./schema/${FILE}`);
  });
});
