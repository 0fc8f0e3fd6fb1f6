import * as fc from 'fast-check';
import { internalized } from '../../src/runtime/internalized.ts';
import { anyText } from '../generators/any-text.ts';

describe('internalized', () => {
  it('returns the same text for any text', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        expect(internalized(text)).toBe(text);
      }),
    );
    for (const text of ['', '0', '-0', '1', '007', '4294967295', '__proto__', 'constructor']) {
      expect(internalized(text)).toBe(text);
    }
  });
});
