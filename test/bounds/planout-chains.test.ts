import { compileScript } from '../../src/planout/language/compile-script.ts';

describe('compileScript', () => {
  it.each([
    ['operators', `x = 1${' + 1'.repeat(100_000)};`],
    ['indexes', `x = list${'[0]'.repeat(100_000)};`],
    ['chains inside each other', `x = ${`${'1 + '.repeat(390)}(`.repeat(50)}1${')'.repeat(50)};`],
    [
      'chains on the left of each other',
      `x = ${'('.repeat(50)}1${`${' + 1'.repeat(390)})`.repeat(50)};`,
    ],
  ])('refuses a chain of %s whose JSON could not be written', (_what, source) => {
    expect(() => compileScript(source)).toThrow(
      expect.objectContaining({ code: 'script', line: 1, column: 1 }),
    );
  });

  it('accepts a chain that can be run', () => {
    const json = compileScript(`x = 1${' + 1'.repeat(300)};`);
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
  });
});
