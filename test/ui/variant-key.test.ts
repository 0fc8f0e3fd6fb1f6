import { variantColours, variantKey } from '../../src/ui/variant-key.ts';

describe('variantColours', () => {
  it('makes the control grey, parked variants flat, and repeats colours from the seventh on', () => {
    const names = ['a', 'control', 'b', 'inactive', 'c', 'd', 'e', 'f'];
    expect([...variantColours(names, 'control').values()].join('')).toBe('102p3451');
  });
});

describe('variantKey', () => {
  it('writes the name beside the colour', () => {
    expect(variantKey('<b>', '1').text).toContain('&lt;b&gt;');
    expect(variantKey('inactive', 'p').text).toContain('height="3"');
  });
});
