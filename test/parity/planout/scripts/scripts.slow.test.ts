import * as fc from 'fast-check';
import { join } from 'node:path';
import { LinePeer } from '../../environment/line-peer.ts';
import { describeWithOriginals } from '../../environment/python.ts';
import { everyCase } from '../every-case.ts';
import { type Answer, Differences } from '../outcome.ts';
import { outcomeOf, scriptRuns } from './run-script.ts';
import { scriptsOf } from './script-generator.ts';

describeWithOriginals("scripts, side by side with PlanOut's interpreter", () => {
  let planout: LinePeer;
  beforeAll(() => {
    planout = new LinePeer(join(__dirname, '../peer/planout_peer.py'));
  });

  it('have the same parameters and the same errors', async () => {
    const differences = new Differences();
    const cases = fc.record(
      { script: scriptsOf(true), run: scriptRuns },
      { noNullPrototype: true },
    );
    await everyCase(cases, 2000, async (one) => {
      const { script, run } = one;
      const answer = await planout.ask({ about: 'script', script, ...run });
      const json = JSON.parse(JSON.stringify({ script, run })) as typeof one;
      differences.compare(outcomeOf(json.script, json.run), answer as Answer<unknown>);
    });
    console.log(differences);
  });
});
