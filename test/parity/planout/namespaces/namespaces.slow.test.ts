import { join } from 'node:path';
import {
  type Experiment,
  type ExperimentRecord,
  PlanoutError,
  SimpleNamespace,
} from '../../../../src/planout/index.ts';
import { LinePeer } from '../../environment/line-peer.ts';
import { describeWithOriginals } from '../../environment/python.ts';
import { everyCase } from '../every-case.ts';
import { ourExperiment } from '../experiments/our-experiment.ts';
import { type Answer, comparableRecords, Differences, encoded } from '../outcome.ts';
import {
  type GeneratedNamespace,
  type Line,
  namespaces,
  type Visit,
} from './namespace-generator.ts';

type Params = Record<string, unknown>;

/** Does a step. Returns false if the namespace refuses it, in which case nothing may have changed. */
function step(
  namespace: SimpleNamespace,
  line: Line,
  experiments: readonly Experiment<Params, Params>[],
): boolean {
  const before = JSON.stringify(namespace.allocations());
  try {
    if ('remove' in line) namespace.removeExperiment(line.remove);
    else {
      namespace.addExperiment(line.add, experiments[line.experiment] as Experiment, line.segments);
    }
    return true;
  } catch (error) {
    if (!(error instanceof PlanoutError) || error.code !== 'namespace') throw error;
    expect(JSON.stringify(namespace.allocations())).toBe(before);
    return false;
  }
}

function visit(
  namespace: SimpleNamespace,
  { inputs, gets, events }: Visit,
  records: ExperimentRecord[],
): object {
  records.length = 0;
  try {
    const participant = namespace.participant(inputs);
    const values = gets.map(([name, fallback]) => encoded(participant.get(name, fallback)));
    const { segment, experiment = null, salt = null, inExperiment } = participant;
    for (const event of events) participant.logEvent(event, { page: event });
    const logged = comparableRecords(records);
    return { segment, experiment, salt, inExperiment, values, records: logged };
  } catch (error) {
    if (!(error instanceof PlanoutError)) throw error;
    return { failed: true };
  }
}

function ours(one: GeneratedNamespace): { history: object; units: readonly object[] } {
  const records: ExperimentRecord[] = [];
  const experiments = one.experiments.map((definition) => ourExperiment(definition, records));
  const defaultExperiment = one.fallback && ourExperiment(one.fallback);
  const namespace = new SimpleNamespace({
    name: one.name,
    unit: one.unit,
    segments: one.segments,
    sampling: one.fast ? 'fast' : undefined,
    defaultExperiment,
  });
  const steps = one.history.map((line) => step(namespace, line, experiments));
  const units = one.units.map((unit) => visit(namespace, unit, records));
  return { history: { steps, allocations: namespace.allocations() }, units };
}

/** The values and records that a unit sees; without records if the unit is refused. */
interface Seen {
  readonly records?: readonly ExperimentRecord[];
}

/** The answers about the segments after the history, and about each unit. */
interface NamespaceAnswer {
  readonly history: Answer<unknown>;
  readonly units: readonly Answer<Seen>[];
}

const comparableUnit = (seen: Seen) =>
  seen.records === undefined ? seen : { ...seen, records: comparableRecords(seen.records) };

describeWithOriginals("namespaces, side by side with PlanOut's", () => {
  let planout: LinePeer;
  beforeAll(() => {
    planout = new LinePeer(join(__dirname, '../peer/planout_peer.py'));
  });

  it('have the same segments, and give units the same parameters', async () => {
    const histories = new Differences();
    const visits = new Differences();
    await everyCase(namespaces, 400, async (generated) => {
      const one = JSON.parse(JSON.stringify(generated)) as GeneratedNamespace;
      const answer = (await planout.ask({ about: 'namespace', ...one })) as NamespaceAnswer;
      const { history, units } = ours(one);
      histories.compare(history, answer.history);
      for (const [i, { original, documented, notes }] of answer.units.entries()) {
        visits.compare(units[i], {
          original: comparableUnit(original),
          documented: comparableUnit(documented),
          notes,
        });
      }
    });
    expect(histories.cases).toBe(400);
    expect(histories.identical).toBeGreaterThan(200);
    expect(visits.cases).toBeGreaterThan(800);
    expect(visits.identical).toBeGreaterThan(400);
    expect([...visits.counts.keys()]).toEqual(
      expect.arrayContaining(['excluded units', 'no experiment', 'default when needed']),
    );
  });
});
