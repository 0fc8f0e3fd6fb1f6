import { below, createDraw, type Draw } from './draws.ts';
import type { Family } from './families.ts';

/**
 * The classes of characters. A character is replaced within its class, so that the result could
 * still be an id.
 */
const CLASSES = ['0123456789', 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

/** The replacements of characters that belong to no class. */
const OTHERS = '-_.@';

/** The number of ids, from the start of a family, that changed ids are taken from. */
const FROM = 1_000_000;

/** The changed part: a character of the id or of the seed. */
export type Changed = 'id' | 'seed';

/**
 * Yields one-character changes of a family's ids under some seeds: `id + seed` before and after.
 *
 * @param count the number of changes; the ids are evenly spaced
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
    // Ids have to be generated in order.
    const id = idAt(place);
    if (place % step !== 0) continue;
    const seed = changeable[i++ % changeable.length] ?? '';
    yield changed === 'id'
      ? [id + seed, changeOne(id, draw) + seed]
      : [id + seed, id + changeOne(seed, draw)];
  }
}

/** Returns the text with a random character replaced by another of its class. */
export function changeOne(text: string, draw: Draw): string {
  const characters = Array.from(text);
  const at = below(draw, characters.length);
  const old = characters[at] ?? '';
  const choices = CLASSES.find((all) => all.includes(old)) ?? OTHERS;
  const others = choices.replace(old, '');
  characters[at] = others[below(draw, others.length)] ?? '';
  return characters.join('');
}

/** Returns random texts of one length, made of letters and digits. */
export function drawnTexts(length: number, count: number): string[] {
  const alphabet = CLASSES.join('');
  const draw = createDraw(1000 + length);
  return Array.from({ length: count }, () => {
    let text = '';
    for (let i = 0; i < length; i++) text += alphabet[below(draw, alphabet.length)] ?? '';
    return text;
  });
}
