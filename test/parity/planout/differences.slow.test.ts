import { join } from 'node:path';
import { compileScript, type ExperimentRecord } from '../../../src/planout/index.ts';
import {
  DOCUMENTED_ITEMS,
  DOCUMENTED_SCRIPTS,
  documentedItem,
} from '../../planout/documented-differences.ts';
import { LinePeer } from '../environment/line-peer.ts';
import { describeWithOriginals } from '../environment/python.ts';
import { COMPILER, ITEMS, NOT_GENERATED, SCRIPTS } from './differences.ts';
import { ourExperiment } from './experiments/our-experiment.ts';
import type { Answer } from './outcome.ts';

type ScriptOutcome =
  | { readonly params: Readonly<Record<string, unknown>> }
  | { readonly failed: string | null; readonly why: string };

/** Returns `x` after a script, as the table in docs/planout.md shows it. */
function shown(outcome: ScriptOutcome): string {
  if ('why' in outcome) {
    // The parameters contain x, which is the parameters.
    return outcome.why.startsWith('RecursionError') ? 'the parameters' : 'error';
  }
  const { x } = outcome.params;
  const isInfinity = JSON.stringify(x) === '{"$number":"Infinity"}';
  return isInfinity ? 'Infinity' : `\`${JSON.stringify(x)}\``;
}

describeWithOriginals('the documented differences from PlanOut', () => {
  let planout: LinePeer;
  beforeAll(() => {
    planout = new LinePeer(join(__dirname, 'peer/planout_peer.py'));
  });

  it('are exactly those that these tests know by name', () => {
    const known = [...Object.values(SCRIPTS).flat(), ...NOT_GENERATED, ...COMPILER];
    expect(DOCUMENTED_SCRIPTS.map(({ script }) => script).toSorted()).toEqual(known.toSorted());
    const items = Object.values(ITEMS).map(documentedItem);
    expect(DOCUMENTED_ITEMS.toSorted()).toEqual(items.toSorted());
  });

  it.each(DOCUMENTED_SCRIPTS.filter(({ script }) => !COMPILER.includes(script)))(
    'have the result of the original that the table shows: $script',
    async ({ script, original }) => {
      const answer = await planout.ask({
        about: 'script',
        script: compileScript(script),
        salt: 'exp',
        inputs: { userid: 4, l: [1, 2] },
      });
      expect(shown((answer as Answer<ScriptOutcome>).original)).toBe(original);
    },
  );

  it('include different checksums of records', async () => {
    const experiment = { name: 'exp', script: { op: 'seq', seq: [] } };
    const records: ExperimentRecord[] = [];
    ourExperiment(experiment, records).participant({}).getParams();
    const actions = [{ do: 'getParams' }];
    const answer = await planout.ask({ about: 'experiment', experiment, inputs: {}, actions });
    const { original } = answer as Answer<{ readonly records: readonly ExperimentRecord[] }>;
    const [theirs] = original.records;
    expect(theirs?.checksum).toMatch(/^[0-9a-f]{8}$/);
    expect(records[0]?.checksum).toMatch(/^[0-9a-f]{8}$/);
    expect(records[0]?.checksum).not.toBe(theirs?.checksum);
  });
});
