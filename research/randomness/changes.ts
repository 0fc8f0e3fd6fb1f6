import { below, createDraw, type Draw } from './draws.ts';
import type { Family } from './families.ts';

/** The characters that one is changed for, so that what is changed could still be an id. */
const CLASSES = ['0123456789', 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

/** Characters of no class become one of these. */
const OTHERS = '-_.@';

/** Changed ids are taken from so many, the first of a family. */
const FROM = 1_000_000;

/** What is changed: a character of the id or one of the seed. */
export type Changed = 'id' | 'seed';

/**
 * One-character changes of ids of a family under some seeds: `id + seed` before and after.
 *
 * @param count how many; ids are taken evenly apart
 */
export function* oneCharacterChanges(
  family: Pick<Family, 'ids' | 'count'>,
  seeds: readonly string[],
  changed: Changed,
  count: number,
): Generator<readonly [before: string, after: string]> {
  const draw = createDraw(changed === 'id' ? 11 : 12);
  const idAt = family.ids();
  const changeable = seeds.filter((seed) => seed !== '');
  const step = Math.max(1, Math.floor(Math.min(FROM, family.count) / count));
  const places = Math.min(count, family.count) * step;
  for (let place = 0, i = 0; place < places; place++) {
    // Ids that are drawn come in order.
    const id = idAt(place);
    if (place % step !== 0) continue;
    const seed = changeable[i++ % changeable.length] ?? '';
    yield changed === 'id'
      ? [id + seed, changeOne(id, draw) + seed]
      : [id + seed, id + changeOne(seed, draw)];
  }
}

/** The text with one character, drawn, replaced by another of its class, drawn. */
export function changeOne(text: string, draw: Draw): string {
  const characters = Array.from(text);
  const at = below(draw, characters.length);
  const old = characters[at] ?? '';
  const choices = CLASSES.find((all) => all.includes(old)) ?? OTHERS;
  const others = choices.replace(old, '');
  characters[at] = others[below(draw, others.length)] ?? '';
  return characters.join('');
}

/** Texts of one length, of letters and digits, drawn. */
export function drawnTexts(length: number, count: number): string[] {
  const alphabet = CLASSES.join('');
  const draw = createDraw(1000 + length);
  return Array.from({ length: count }, () => {
    let text = '';
    for (let i = 0; i < length; i++) text += alphabet[below(draw, alphabet.length)] ?? '';
    return text;
  });
}
