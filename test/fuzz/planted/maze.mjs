/** Fails for text that starts with "maze", as the environment variable PLANTED_FAULT says. */
export function walk(text) {
  if (text[0] !== 'm') return 'entrance';
  if (text[1] !== 'a') return 'first turn';
  if (text[2] !== 'z') return 'second turn';
  if (text[3] !== 'e') return 'third turn';
  switch (process.env.PLANTED_FAULT) {
    case 'exception':
      throw new TypeError('a planted fault');
    case 'hang':
      for (;;);
    case 'prototype':
      Reflect.set(Object.prototype, 'planted', true);
      return 'polluted';
    case 'chance':
      return String(Math.random());
    case 'memory': {
      const eaten = [];
      for (;;) eaten.push(Array.from(text.repeat(1_000_000)));
    }
    default:
      return 'the centre';
  }
}
