import { join } from 'node:path';
import * as planout from '../../../../src/planout/index.ts';
import { isRandomOperator } from '../../../../src/planout/random-operator.ts';
import { LinePeer } from '../../environment/line-peer.ts';
import { describeWithOriginals } from '../../environment/python.ts';
import { everyCase } from '../every-case.ts';
import { type Answer, Differences, encoded } from '../outcome.ts';
import { type Draw, draws } from './draw-generator.ts';
import { OPERATORS } from './operators.ts';

/** Reads the values that JSON can't hold, as peer/original.py does. */
function decoded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decoded);
  if (typeof value !== 'object' || value === null) return value;
  if ('$float' in value) return value.$float;
  if ('$int' in value) return BigInt(String(value.$int));
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, decoded(item)]));
}

function ourDraw({ op, args, experimentSalt, parameter, separator }: Draw): unknown {
  try {
    const operator = OPERATORS[op]?.(decoded(args) as never);
    if (!isRandomOperator(operator)) throw new Error(`${op} is not an operator`);
    // Directly drawn ones get their separator from the option, and assigned ones from `salt_sep`.
    const saltSeparator = parameter === undefined ? separator : undefined;
    const assignment = new planout.Assignment(experimentSalt, { saltSeparator });
    if (separator !== undefined) assignment.set('salt_sep', separator);
    if (parameter === undefined) {
      return { drawn: encoded(operator.draw(experimentSalt, undefined, assignment.separator)) };
    }
    assignment.set(parameter, operator);
    return { drawn: encoded(assignment.get(parameter)) };
  } catch (error) {
    if (!(error instanceof planout.PlanoutError)) throw error;
    if (error.operator !== op) throw error;
    return { failed: true, why: error.message };
  }
}

/** Returns a result without the argument at fault: of two wrong arguments, either may be reported. */
const withoutArgument = (result: object) =>
  'failed' in result ? { ...result, failed: true } : result;

const TITLE = "draws, side by side with PlanOut's operators";

describeWithOriginals(TITLE, () => {
  let original: LinePeer;
  beforeAll(() => {
    original = new LinePeer(join(__dirname, '../peer/planout_peer.py'));
  });

  it('are the same, bit for bit', async () => {
    const differences = new Differences();
    await everyCase(draws, 20_000, async (one) => {
      const answer = (await original.ask({ about: 'draw', ...one })) as Answer<object>;
      // Both sides read the same JSON, which has no -0.
      differences.compare(ourDraw(JSON.parse(JSON.stringify(one)) as Draw), {
        ...answer,
        original: withoutArgument(answer.original),
        documented: withoutArgument(answer.documented),
      });
    });
    expect(differences.cases).toBe(20_000);
    expect(differences.identical).toBeGreaterThan(10_000);
    expect([...differences.counts.keys()]).toEqual(
      expect.arrayContaining(['one number type', 'beyond ASCII', 'units appended']),
    );
  });
});
