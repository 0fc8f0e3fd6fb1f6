import * as fc from 'fast-check';
import { join } from 'node:path';
import { convertCase } from '../../../src/rules/letter-case.ts';
import { textsOfEveryCharacter } from '../../rules/every-character.ts';
import { LinePeer } from '../environment/line-peer.ts';
import { describeWithOriginals } from '../environment/python.ts';

const BATCH = 20_000;

/** Characters with an unusual case, and some that only matter beside a sigma. */
const PECULIAR = Array.from("ΣσςAaİIiıßẞǅǄΐŉﬃʰ\u0345·'’.ʕĸ -Ა1");

/** Characters that have a case since Unicode 16, a character that means nothing, and a mark of 2024. */
const LATER = ['\u{10d50}', '\ua7cb', '\u0897', '\uffff'];

describeWithOriginals('.lower and .upper, compared with CPython', () => {
  let peer: LinePeer;
  let unicode = '';
  beforeAll(async () => {
    peer = new LinePeer(join(__dirname, 'case_peer.py'));
    ({ unicode } = (await peer.ask([])) as { unicode: string });
  });

  const byPython = async (texts: readonly string[]) =>
    ((await peer.ask(texts)) as { cases: unknown }).cases;

  const byRules = (texts: readonly string[]) =>
    texts.map((text) => [convertCase(text, 'lower'), convertCase(text, 'upper')]);

  /** Returns true for a Python with the Unicode version that rules have: 3.12 and 3.13. */
  const isSameUnicode = () => unicode.startsWith('15.');

  it('convert every character alike', async () => {
    const all = textsOfEveryCharacter();
    expect(all).toHaveLength(0x110000 - 0x800);
    // With another Unicode version, other characters may stand beside a sigma.
    const some = isSameUnicode() ? all : all.map((text) => Array.from(text)[0] ?? '');
    for (let i = 0; i < some.length; i += BATCH) {
      const texts = some.slice(i, i + BATCH);
      expect(byRules(texts)).toEqual(await byPython(texts));
    }
  });

  it('convert random texts alike', async () => {
    const characters = [...PECULIAR, ...(isSameUnicode() ? LATER : [])];
    const text = fc.array(fc.constantFrom(...characters), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 100, maxLength: 200 }), async (lists) => {
        const texts = lists.map((one) => one.join(''));
        expect(byRules(texts)).toEqual(await byPython(texts));
      }),
      { numRuns: 200 },
    );
  });
});
