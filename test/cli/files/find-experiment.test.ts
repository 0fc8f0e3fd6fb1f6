import { parseConfig } from '../../../src/cli/files/config-file.ts';
import { checkVariant, findExperiment } from '../../../src/cli/files/find-experiment.ts';

const allocations = '[{"allocations":[{"variant":"blue","percent":100}]}]';
const button = `{"name":"button","identity":"user.id","variants":[{"name":"blue"},{"name":"green"}],"audiences":${allocations}}`;

function config(text: string) {
  return parseConfig({ origin: 'my.json', path: undefined, text });
}

describe('findExperiment', () => {
  it.each([
    ['a list', `["beta:on",${button}]`, [1]],
    ['an object', `{"experiments":["beta:on",${button}]}`, ['experiments', 1]],
  ])('finds it in %s', (_what, text, path) => {
    const found = findExperiment(config(text), 'button');
    expect(found.path).toEqual(path);
    expect(found.spec.identity).toBe('user.id');
  });

  it.each([
    ['buton', 'did you mean "button"?'],
    ['button_4', 'did you mean "button_1" or "button_2" or "button_3"?'],
    ['something_else', 'there are: button, button_1, button_2, button_3, button_5'],
  ])('tells the nearest names of %s', (name, advice) => {
    const text = `["button:on","button_1:on","button_2:on","button_3:on","button_5:on"]`;
    expect(() => findExperiment(config(text), name)).toThrow(
      `my.json has no experiment "${name}"; ${advice}`,
    );
  });

  it('says so where there is none at all', () => {
    expect(() => findExperiment(config('[]'), 'x')).toThrow('there is no experiment in it');
  });
});

describe('checkVariant', () => {
  it('tells the nearest names', () => {
    const { spec } = findExperiment(config(`[${button}]`), 'button');
    expect(() => checkVariant(spec, 'blue')).not.toThrow();
    expect(() => checkVariant(spec, 'grene')).toThrow(
      'experiment "button" has no variant "grene"; did you mean "green"?',
    );
  });
});
