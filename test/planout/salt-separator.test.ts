import {
  Assignment,
  bernoulliFilter,
  bernoulliTrial,
  defineExperiment,
  fastSample,
  Interpreter,
  randomFloat,
  randomInteger,
  sample,
  SimpleNamespace,
  uniformChoice,
  weightedChoice,
} from '../../src/planout/index.ts';
import vectors from '../vectors/planout-extensions.json' with { type: 'json' };

const choices = ['a', 'b', 'c', 'd'];

/** Draws as the vectors do, in any object with a property for each parameter. */
function assign(params: Record<string, unknown>, { unit }: { unit: number }): void {
  const list = [unit, 'home'];
  params['uniform'] = uniformChoice({ choices, unit });
  params['weighted'] = weightedChoice({ choices, weights: [1, 2, 3, 4], unit });
  params['trial'] = bernoulliTrial({ p: 0.4, unit });
  params['filtered'] = bernoulliFilter({ choices, p: 0.5, unit });
  params['integer'] = randomInteger({ min: 0, max: 999, unit: list });
  params['float'] = randomFloat({ min: 0, max: 10, unit });
  params['sampled'] = sample({ choices, draws: 2, unit });
  params['fast'] = fastSample({ choices, draws: 2, unit: list });
  params['salted'] = randomInteger({ min: 0, max: 999, unit, salt: 'integer' });
  params['full'] = randomInteger({ min: 0, max: 999, unit, full_salt: 'x.y' });
}

describe("the option saltSeparator, compared with PlanOut's salt_sep", () => {
  const rows = vectors.separators.map((row) => [row.separator, row.draws] as const);

  it.each(rows)('gives an Assignment the same draws: %j', (saltSeparator, draws) => {
    const seen = draws.map((_, unit) => {
      const drawn: Record<string, unknown> = {};
      assign(drawn, { unit });
      const assignment = new Assignment('exp', { saltSeparator });
      for (const [name, operator] of Object.entries(drawn)) assignment.set(name, operator);
      return assignment.getParams();
    });
    expect(seen).toEqual(draws);
  });

  it.each(rows)('gives an experiment the same draws: %j', (saltSeparator, draws) => {
    const experiment = defineExperiment({ name: 'exp', saltSeparator, assign });
    expect(draws.map((_, unit) => experiment.participant({ unit }).getParams())).toEqual(draws);
  });

  it.each(vectors.scripts.map((row) => [row.separator, row] as const))(
    'gives scripts the same draws: %j',
    (saltSeparator, { json, params }) => {
      const experiment = defineExperiment({ name: 'exp', saltSeparator, script: json });
      const inputs = params.map((_, userid) => ({ userid }));
      expect(inputs.map((one) => experiment.participant(one).getParams())).toEqual(params);
      const runs = inputs.map((one) =>
        new Interpreter(json, { salt: 'exp', saltSeparator, inputs: one }).getParams(),
      );
      expect(runs).toEqual(params);
    },
  );

  it('is a dot by default, and is replaced by an assignment to salt_sep', () => {
    const draw = (options?: { saltSeparator: string }, own?: string) => {
      const assignment = new Assignment('exp', options);
      if (own !== undefined) assignment.set('salt_sep', own);
      assignment.set('x', randomInteger({ min: 0, max: 1e9, unit: 4 }));
      return assignment.get('x');
    };
    expect(draw()).toBe(draw({ saltSeparator: '.' }));
    expect(draw({ saltSeparator: ',' })).not.toBe(draw());
    expect(draw({ saltSeparator: ',' }, '--')).toBe(draw({ saltSeparator: '--' }));
  });

  it('stays with an experiment in a namespace', () => {
    const parameter = (saltSeparator: string | undefined) => {
      const namespace = new SimpleNamespace({ name: 'n', unit: 'unit', segments: 1 });
      namespace.addExperiment('a', defineExperiment({ name: 'e', saltSeparator, assign }), 1);
      return namespace.participant({ unit: 4 }).get('float');
    };
    const alone = defineExperiment({ name: 'n.a', saltSeparator: ',', assign });
    expect(parameter(',')).toBe(alone.participant({ unit: 4 }).get('float'));
    expect(parameter(',')).not.toBe(parameter(undefined));
  });

  it.each([7, null, ['.']])('must be a string, not %j', (saltSeparator) => {
    const options = { saltSeparator, name: 'exp', script: '' };
    for (const create of [
      () => Reflect.construct(Assignment, ['exp', options]),
      () => Reflect.construct(Interpreter, ['', options]),
      () => Reflect.apply(defineExperiment, undefined, [options]),
    ]) {
      expect(create).toThrow(
        expect.objectContaining({
          code: 'option',
          message: expect.stringContaining('saltSeparator must be a string, not '),
        }),
      );
    }
  });
});
