import * as fc from 'fast-check';
import { join } from 'node:path';
import { compileScript } from '../../../../src/planout/index.ts';
import { LinePeer } from '../../environment/line-peer.ts';
import { describeWithOriginals } from '../../environment/python.ts';
import { everyCase } from '../every-case.ts';
import { type Answer, Differences } from '../outcome.ts';
import { printScript } from './print-script.ts';
import { outcomeOf, type ScriptRun, scriptRuns } from './run-script.ts';
import { scriptsOf } from './script-generator.ts';

/** Generates runs of scripts. */
const casesOf = (isOdd: boolean) =>
  fc.record({ script: scriptsOf(isOdd), run: scriptRuns }, { noNullPrototype: true });

describeWithOriginals("scripts, side by side with PlanOut's interpreter", () => {
  let planout: LinePeer;
  beforeAll(() => {
    planout = new LinePeer(join(__dirname, '../peer/planout_peer.py'));
  });

  async function compare(differences: Differences, script: unknown, run: ScriptRun): Promise<void> {
    const answer = await planout.ask({ about: 'script', script, ...run });
    // Both sides read the same JSON.
    const json = JSON.parse(JSON.stringify({ script, run })) as { script: unknown; run: ScriptRun };
    differences.compare(outcomeOf(json.script, json.run), answer as Answer<unknown>);
  }

  it('have the same parameters and fail at the same operators, as JSON', async () => {
    const differences = new Differences();
    await everyCase(casesOf(true), 3000, ({ script, run }) => compare(differences, script, run));
    expect(differences.cases).toBe(3000);
    expect(differences.identical).toBeGreaterThan(1500);
  });

  it('compile from source text to the same JSON, with the same results', async () => {
    const differences = new Differences();
    await everyCase(casesOf(false), 3000, async ({ script, run }) => {
      const json = JSON.parse(JSON.stringify(script)) as unknown;
      const compiled = compileScript(printScript(script));
      expect(compiled).toEqual(json);
      await compare(differences, compiled, run);
    });
    expect(differences.cases).toBe(3000);
    expect(differences.identical).toBeGreaterThan(1500);
  });
});
