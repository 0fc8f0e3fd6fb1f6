import * as fc from 'fast-check';
import { join } from 'node:path';
import { type ExperimentRecord, PlanoutError } from '../../../../src/planout/index.ts';
import { LinePeer } from '../../environment/line-peer.ts';
import { describeWithOriginals } from '../../environment/python.ts';
import { everyCase } from '../every-case.ts';
import { type Answer, comparableRecords, Differences, encoded } from '../outcome.ts';
import {
  type Action,
  actions,
  experiments,
  type GeneratedExperiment,
  unitInputs,
} from './experiment-generator.ts';
import { ourExperiment } from './our-experiment.ts';

/** An experiment, a unit, and what is done with it. */
interface Case {
  readonly experiment: GeneratedExperiment;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly actions: readonly Action[];
}

type OurParticipant = ReturnType<ReturnType<typeof ourExperiment>['participant']>;

function act(participant: OurParticipant, action: Action): unknown {
  switch (action.do) {
    case 'get':
      return participant.get(action.name, action.default);
    case 'getParams':
      return participant.getParams();
    case 'inExperiment':
      return participant.inExperiment;
    case 'setOverrides':
      return participant.setOverrides(action.overrides);
    case 'setAutoExposure':
      return participant.setAutoExposure(action.on);
    case 'logExposure':
      return participant.logExposure(action.extra ?? undefined);
    case 'logEvent':
      return participant.logEvent(action.type, action.extra ?? undefined);
  }
}

function ours({ experiment, inputs, actions: todo }: Case): object {
  const records: ExperimentRecord[] = [];
  const results: object[] = [];
  const { name, salt } = ourExperiment(experiment);
  let participant: OurParticipant;
  try {
    participant = ourExperiment(experiment, records).participant(inputs);
    for (const action of todo) results.push({ result: encoded(act(participant, action)) });
  } catch (error) {
    if (!(error instanceof PlanoutError)) throw error;
    results.push({ failed: true });
  }
  return { results, records: comparableRecords(records), name, salt };
}

const withRecords = (side: { records: readonly ExperimentRecord[] }) => ({
  ...side,
  records: comparableRecords(side.records),
});

describeWithOriginals("experiments, side by side with PlanOut's", () => {
  let planout: LinePeer;
  beforeAll(() => {
    planout = new LinePeer(join(__dirname, '../peer/planout_peer.py'));
  });

  it('have the same parameters and log the same records', async () => {
    const differences = new Differences();
    const cases = fc.record(
      { experiment: experiments, inputs: unitInputs, actions },
      { noNullPrototype: true },
    );
    await everyCase(cases, 3000, async (generated) => {
      const one = JSON.parse(JSON.stringify(generated)) as Case;
      const answer = await planout.ask({ about: 'experiment', ...one });
      const { original, documented, notes } = answer as Answer<{ records: ExperimentRecord[] }>;
      differences.compare(ours(one), {
        original: withRecords(original),
        documented: withRecords(documented),
        notes,
      });
    });
    expect(differences.cases).toBe(3000);
    expect(differences.identical).toBeGreaterThan(1500);
    expect([...differences.counts.keys()]).toEqual(
      expect.arrayContaining(['excluded units', 'overridden again', 'parameters of scripts']),
    );
  });
});
