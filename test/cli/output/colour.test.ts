import { createColour, wantsColour } from '../../../src/cli/output/colour.ts';

describe('wantsColour', () => {
  it.each([
    ['a terminal', {}, true, true],
    ['a pipe', {}, false, false],
    ['a dumb terminal', { TERM: 'dumb' }, true, false],
    ['NO_COLOR', { NO_COLOR: '1' }, true, false],
    ['an empty NO_COLOR', { NO_COLOR: '' }, true, true],
    ['FORCE_COLOR in a pipe', { FORCE_COLOR: '1' }, false, true],
    ['FORCE_COLOR=0', { FORCE_COLOR: '0' }, true, false],
    ['an empty FORCE_COLOR', { FORCE_COLOR: '' }, false, false],
    ['both', { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
  ])('decides for %s', (_what, env, isTTY, expected) => {
    expect(wantsColour(env, isTTY)).toBe(expected);
  });
});

describe('createColour', () => {
  it('colours text only if enabled, and never colours an empty text', () => {
    expect(createColour(true).red('x')).toBe('\u001b[31mx\u001b[39m');
    expect(createColour(true).red('')).toBe('');
    expect(createColour(false).red('x')).toBe('x');
  });
});
