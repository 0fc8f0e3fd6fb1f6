import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeTrial, type TrialSetup } from '../../src/trials/make-trial.ts';
import { metricModel } from '../../src/trials/metric-model.ts';
import { DAY_MS, type TrialDesign } from '../../src/trials/trial-design.ts';
import type { EventRecord, ExposureRecord } from '../../src/exposures/records/record.ts';
import { atOnce } from '../../src/runtime/steps.ts';
import { specificationSteps } from '../../src/specification/specification.ts';
import { audience, experiment } from '../assignment/build.ts';
import { metric } from './metrics.ts';

const folder = mkdtempSync(join(tmpdir(), 'evenhand-make-trial-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const START = Date.UTC(2027, 0, 4);

const DESIGN: TrialDesign = {
  experiment: 'checkout',
  effects: [{ metric: 'count', lift: 0.5 }],
  rate: 0.5,
  runs: 2,
  units: 2000,
  looks: 7,
  seed: 3,
  context: { country: 'de' },
  start: START,
};

function setup(design: TrialDesign = DESIGN): TrialSetup {
  const data = {
    experiments: [
      experiment({
        name: 'checkout',
        audiences: [audience({ short: 25, long: 75 }, "country == 'de'"), audience({ long: 100 })],
      }),
    ],
  };
  const specification = atOnce(specificationSteps(data, { origin: 'test' }));
  const spec = metric({ type: 'count', where: "currency == 'EUR'" });
  return {
    specification,
    design,
    metrics: [{ spec, lift: 0.5, model: metricModel(spec, 0.5, 0.5) }],
    control: 'long',
    preMs: 28 * DAY_MS,
    end: START + 7 * DAY_MS,
    prepare: (context) => context,
  };
}

async function records(run = 0, one: TrialSetup = setup()): Promise<EventRecord[]> {
  const path = join(folder, `${run}.ndjson`);
  await makeTrial(one, run, path, async () => {});
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as EventRecord);
}

const exposuresOf = (all: readonly EventRecord[]) =>
  all.filter((one): one is ExposureRecord => one.event === 'exposure');

describe('makeTrial()', () => {
  it('records one exposure of each unit with the audience that decided', async () => {
    const exposures = exposuresOf(await records());
    expect(exposures).toHaveLength(DESIGN.units);
    expect(new Set(exposures.map(({ unit }) => unit)).size).toBe(DESIGN.units);
    expect(exposures.every(({ audience: place }) => place === 0)).toBe(true);
    const short = exposures.filter(({ variant }) => variant === 'short').length;
    expect(Math.abs(short / DESIGN.units - 0.25)).toBeLessThan(0.05);
  });

  it('stamps records with the time of the made-up event, before and after the exposure', async () => {
    const all = await records();
    const met = new Map(exposuresOf(all).map((one) => [one.unit, Date.parse(one.time)]));
    for (const [, at] of met) {
      expect(at).toBeGreaterThanOrEqual(START);
      expect(at).toBeLessThan(START + 7 * DAY_MS);
    }
    const offsets = all.flatMap((one) =>
      one.event === 'outcome'
        ? [Date.parse(one.time) - (met.get(one.units['user.id'] ?? '') ?? Number.NaN)]
        : [],
    );
    expect(offsets.every((ms) => ms >= -28 * DAY_MS && ms < 7 * DAY_MS)).toBe(true);
    expect(offsets.some((ms) => ms < 0)).toBe(true);
    expect(offsets.some((ms) => ms > 0)).toBe(true);
  });

  it('gives every run other units, and the same run the same records', async () => {
    const [first, again, other] = [await records(0), await records(0), await records(1)];
    expect(again).toEqual(first);
    const units = new Set(exposuresOf(first).map(({ unit }) => unit));
    expect(exposuresOf(other).some(({ unit }) => units.has(unit))).toBe(false);
  });

  it('reports a context whose audience compares nothing', async () => {
    const one = setup({ ...DESIGN, context: { country: 'fr' } });
    await expect(records(0, one)).rejects.toThrow(
      'no exposure to "checkout" was recorded; pass a --context whose audience splits units between variants',
    );
  });
});
