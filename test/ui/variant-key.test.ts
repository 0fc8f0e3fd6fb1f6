import { greyVariant, isSwitch, variantColours, variantKey } from '../../src/ui/variant-key.ts';

describe('greyVariant', () => {
  it.each([
    [['a', 'control', 'b'], 'b', 'b'],
    [['a', 'control', 'b'], undefined, 'control'],
    [['inactive', 'a', 'b'], undefined, 'a'],
    [['off', 'inactive'], undefined, 'off'],
    [[], undefined, undefined],
  ])('chooses of %p, with %p declared: %p', (variants, declared, control) => {
    expect(greyVariant(variants, declared)).toBe(control);
  });
});

describe('isSwitch', () => {
  it.each([
    [['on', 'off'], true],
    [['on'], true],
    [['on', 'off', 'half'], false],
    [[], false],
  ])('recognizes %p: %p', (variants, expected) => {
    expect(isSwitch(variants)).toBe(expected);
  });
});

describe('variantColours', () => {
  it('makes the control grey, parked variants flat, and repeats colours from the seventh on', () => {
    const names = ['a', 'control', 'b', 'inactive', 'c', 'd', 'e', 'f'];
    expect([...variantColours(names, 'control').values()].join('')).toBe('102p3451');
  });

  it('chooses the control itself', () => {
    expect([...variantColours(['inactive', 'plain', 'proud'])]).toEqual([
      ['inactive', 'p'],
      ['plain', '0'],
      ['proud', '1'],
    ]);
  });

  it('makes a switch green when on and flat when off, whichever is the control', () => {
    for (const control of ['on', 'off', undefined]) {
      expect([...variantColours(['on', 'off'], control)]).toEqual([
        ['on', 'g'],
        ['off', 'p'],
      ]);
    }
  });
});

describe('variantKey', () => {
  it('writes the name beside the colour', () => {
    expect(variantKey('<b>', '1').text).toContain('&lt;b&gt;');
    expect(variantKey('inactive', 'p').text).toContain('height="3"');
  });
});
