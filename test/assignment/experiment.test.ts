import { parseExperiments } from '../../src/assignment/parse-experiments.ts';
import { audience, experiment } from './build.ts';

describe('compileExperiment', () => {
  it('uses the name if there is no seed', () => {
    const context = { user: { id: 7 } };
    const bucketOf = (spec: object) =>
      parseExperiments([spec]).participant(context).explain('exp').bucket;
    expect(bucketOf(experiment({ seed: 'exp' }))).toBe(bucketOf(experiment()));
    expect(bucketOf(experiment({ seed: 'other' }))).not.toBe(bucketOf(experiment()));
  });

  it('prefers the identity random to a context value of that name', () => {
    const spec = experiment({ identity: 'random', audiences: [audience({ a: 50, b: 50 })] });
    const participant = parseExperiments([spec], { random: () => 0.99 }).participant({
      random: 'value',
    });
    expect(participant.explain('exp')).toMatchObject({ identity: { path: 'random' }, bucket: 99 });
  });

  it('reads anonymous from the context like any other identity', () => {
    const spec = experiment({ identity: 'anonymous' });
    const participant = parseExperiments([spec]).participant({ anonymous: 'key' });
    expect(participant.explain('exp').identity).toEqual({ path: 'anonymous', text: 'key' });
  });

  it('keeps the description and owner of the specification', () => {
    const spec = { ...experiment(), description: 'Bold buttons', owner: 'team-search' };
    expect(parseExperiments([spec]).experiments[0]).toMatchObject({
      description: 'Bold buttons',
      owner: 'team-search',
    });
  });
});
