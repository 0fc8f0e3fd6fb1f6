import { parseConfig } from '../../src/cli/files/config-file.ts';
import { checkVariant, findExperiment } from '../../src/changes/find-experiment.ts';

const allocations = '[{"allocations":[{"variant":"blue","percent":100}]}]';
const button = `{"name":"button","identity":"user.id","variants":[{"name":"blue"},{"name":"green"}],"audiences":${allocations}}`;

function config(text: string) {
  return parseConfig({ origin: 'my.json', path: undefined, text });
}

describe('findExperiment', () => {
  it.each([
    ['a list', `["beta:on",${button}]`, [1]],
    ['an object', `{"experiments":["beta:on",${button}]}`, ['experiments', 1]],
  ])('finds an experiment in %s', (_what, text, path) => {
    const found = findExperiment(config(text), 'button');
    expect(found.path).toEqual(path);
    expect(found.spec.identity).toBe('user.id');
  });

  it.each([
    ['buton', 'did you mean "button"?'],
    ['button_4', 'did you mean "button_1" or "button_2" or "button_3"?'],
    ['something_else', 'choose one of: button, button_1, button_2, button_3, button_5'],
  ])('suggests names similar to %s', (name, advice) => {
    const text = `["button:on","button_1:on","button_2:on","button_3:on","button_5:on"]`;
    expect(() => findExperiment(config(text), name)).toThrow(
      `my.json has no experiment "${name}"; ${advice}`,
    );
  });

  it('reports a file without experiments', () => {
    expect(() => findExperiment(config('[]'), 'x')).toThrow('the file lists no experiments');
  });
});

describe('checkVariant', () => {
  it('suggests a similar variant', () => {
    const { spec } = findExperiment(config(`[${button}]`), 'button');
    expect(() => checkVariant(spec, 'blue')).not.toThrow();
    expect(() => checkVariant(spec, 'grene')).toThrow(
      'experiment "button" has no variant "grene"; did you mean "green"?',
    );
  });
});
