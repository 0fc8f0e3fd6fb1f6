import { parseExperiments } from '../../src/index.ts';
import {
  bernoulliFilter,
  defineExperiment,
  type ExperimentRecord,
  randomInteger,
  SimpleNamespace,
  uniformChoice,
} from '../../src/planout/index.ts';
import vectors from '../vectors/planout-parity.json' with { type: 'json' };

/** Returns an experiment like those of the vectors, and its records. */
function logging(name: string, salt?: string) {
  const records: ExperimentRecord[] = [];
  const experiment = defineExperiment({
    name,
    salt,
    log: (record) => records.push(record),
    now: Date.now,
    assign(params: { x: number; y: string }, { userid }: { userid: number }) {
      params.x = randomInteger({ min: 0, max: 999, unit: userid });
      params.y = uniformChoice({ choices: ['a', 'b', 'c'], unit: [userid, 1] });
    },
  });
  return { experiment, records };
}

describe("the name of an experiment, compared with PlanOut's reference", () => {
  it.each(
    vectors.names.map((vector) => [JSON.stringify(vector.name), vector.salt, vector] as const),
  )(
    'is the name and the salt without white space: %s, salt %j',
    (_, salt, { name, logged, values }) => {
      const { experiment, records } = logging(name, salt);
      const drawn = values.map((_value, userid) =>
        Object.values(experiment.participant({ userid }).getParams()),
      );
      expect(drawn).toEqual(values);
      expect(records[0]).toMatchObject(logged);
      expect(experiment).toMatchObject(logged);
    },
  );

  it.each(
    vectors.names
      .filter(({ salt }) => salt === undefined)
      .map((vector) => [JSON.stringify(vector.name), vector] as const),
  )('is the salt of a script: %s', (_title, { name, logged, values }) => {
    const script = 'x = randomInteger(min=0, max=999, unit=userid);';
    const experiment = defineExperiment({ name, script });
    expect(experiment).toMatchObject(logged);
    const drawn = values.map((_, userid) => experiment.participant({ userid }).get('x'));
    expect(drawn).toEqual(values.map(([x]) => x));
  });

  it.each(vectors.namespaces)(
    'loses its white space in the records of the namespace "$name", and keeps it in the salt',
    ({ name, experiments, units }) => {
      const { experiment, records } = logging('inner name');
      const namespace = new SimpleNamespace({
        name,
        unit: 'userid',
        segments: 100,
        setup: (ns) =>
          experiments.forEach(([added, count]) =>
            ns.addExperiment(String(added), experiment, Number(count)),
          ),
      });
      const seen = units.map((_, userid) => {
        const participant = namespace.participant({ userid });
        const value = participant.get('x');
        const { name: logged, salt, params } = records.at(-1) as ExperimentRecord;
        return { segment: participant.segment, value, name: logged, salt, params };
      });
      expect(seen).toEqual(units);
    },
  );
});

describe("scripts, compared with PlanOut's reference", () => {
  it.each(vectors.scripts)('draw the same with $title', ({ source, runs }) => {
    const records: ExperimentRecord[] = [];
    const experiment = defineExperiment({
      name: 'exp',
      script: source,
      log: (record) => records.push(record),
      now: Date.now,
    });
    const seen = runs.map((_, userid) => {
      const participant = experiment.participant({ userid });
      try {
        const params = participant.getParams();
        const { salt, params: logged } = records.at(-1) ?? {};
        return {
          params,
          salt: participant.get('experiment_salt'),
          logged: { salt, params: logged },
        };
      } catch (error) {
        return { error: (error as Error).message };
      }
    });
    // The reference reports an IndexError.
    const error = '1:5 weightedChoice: there are 3 weights for 2 choices; give one for each';
    expect(seen).toEqual(runs.map((run) => ('error' in run ? { error } : run)));
  });
});

describe("code that sets the salt, compared with PlanOut's reference", () => {
  it('draws the same, and logs neither experiment_salt nor salt_sep as a parameter', () => {
    const records: ExperimentRecord[] = [];
    const experiment = defineExperiment({
      name: 'exp',
      log: (record) => records.push(record),
      now: Date.now,
      assign(params, { userid }) {
        const draw = () => randomInteger({ min: 0, max: 999, unit: userid });
        params['a'] = draw();
        params['was'] = params['experiment_salt'];
        params['experiment_salt'] = 'other';
        params['b'] = draw();
        params['salt_sep'] = '+';
        params['c'] = draw();
        params['f'] = bernoulliFilter({ choices: [null, 'x', null], p: 0.5, unit: [userid] });
      },
    });
    const seen = vectors.code.map((_, userid) => {
      const params = experiment.participant({ userid }).getParams();
      return { params, logged: { salt: records.at(-1)?.salt, params: records.at(-1)?.params } };
    });
    expect(seen).toEqual(vectors.code);
  });

  it.each([Symbol('salt'), NaN, () => 'salt', uniformChoice({ choices: ['a'], unit: 1 })])(
    'refuses an experiment_salt that has no text: %p',
    (salt) => {
      const experiment = defineExperiment({
        name: 'exp',
        assign(params) {
          params['experiment_salt'] = salt;
        },
      });
      expect(() => experiment.participant({}).getParams()).toThrow(
        /experiment_salt must be a string or other JSON, not /,
      );
    },
  );
});

describe("a namespace with fast sampling, compared with PlanOut's use_fast_sample", () => {
  it.each(vectors.fastSample)('has the same segments: $name', ({ name, history, allocations }) => {
    const { experiment } = logging('any');
    const namespace = new SimpleNamespace({
      name,
      unit: 'userid',
      segments: 100,
      sampling: 'fast',
      setup(ns) {
        for (const [added, count] of history) {
          if (count === null) ns.removeExperiment(String(added));
          else ns.addExperiment(String(added), experiment, Number(count));
        }
      },
    });
    const { zero: _none, ...taken } = namespace.allocations();
    expect(taken).toEqual(allocations);
  });

  it.each(vectors.fastSample)(
    'has the same segments in the specification: $name',
    ({ name, history, allocations }) => {
      const experiments = [{ name: 'any', script: 'x = 1;' }];
      const lines = history.map(([added, segments]) =>
        segments === null ? { remove: added } : { add: added, segments, experiment: 'any' },
      );
      const namespace = { name, unit: 'userid', segments: 100, experiments, history: lines };
      const owners = new Map(
        Object.entries(allocations).flatMap(([one, segments]) =>
          segments.map((segment): [number, string] => [segment, one]),
        ),
      );
      const found = (sampling: string) => {
        const namespaces = [{ ...namespace, sampling }];
        const snapshot = parseExperiments({ experiments: [], namespaces });
        return Array.from({ length: 1000 }, (_, userid) => {
          const { segment, experiment } = snapshot.participant({ userid }).namespace(name);
          return [segment, experiment];
        });
      };
      const fast = found('fast');
      expect(new Set(fast.map(([segment]) => segment)).size).toBe(100);
      expect(fast).toEqual(fast.map(([segment]) => [segment, owners.get(Number(segment))]));
      // A whole namespace is the same with full sampling.
      expect(JSON.stringify(found('full')) === JSON.stringify(fast)).toBe(name === 'whole');
    },
  );

  it('has other segments than without it', () => {
    const allocate = (sampling: 'full' | 'fast' | undefined) => {
      const namespace = new SimpleNamespace({ name: 'n', unit: 'u', segments: 100, sampling });
      namespace.addExperiment('a', logging('a').experiment, 10);
      return namespace.allocations();
    };
    expect(allocate('fast')).not.toEqual(allocate('full'));
    expect(allocate(undefined)).toEqual(allocate('full'));
  });

  it('refuses another sampling, and the former option fastSample', () => {
    const options = { name: 'n', unit: 'userid', segments: 1 };
    expect(() => new SimpleNamespace({ ...options, sampling: 'quick' as never })).toThrow(
      'namespace "n": sampling must be "full" or "fast", not "quick"',
    );
    const former = { ...options, fastSample: true };
    expect(() => new SimpleNamespace(former)).toThrow('fastSample was renamed; write sampling');
  });
});
