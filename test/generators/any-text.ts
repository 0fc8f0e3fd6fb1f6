import * as fc from 'fast-check';

/** Code points of one byte, of two bytes, of the whole first plane with lone surrogates, and of all planes. */
const codePoints = fc.oneof(
  fc.integer({ min: 0, max: 0x7f }),
  fc.integer({ min: 0, max: 0x7ff }),
  fc.integer({ min: 0, max: 0xffff }),
  fc.integer({ min: 0, max: 0x10ffff }),
);

/**
 * Any text at all. It is the same as `fc.string({ unit: 'binary' })`, which takes a second to prepare its
 * tables in every test file.
 */
export function anyText(sizes: { readonly maxLength?: number } = {}): fc.Arbitrary<string> {
  return fc.array(codePoints, sizes).map((points) => String.fromCodePoint(...points));
}
