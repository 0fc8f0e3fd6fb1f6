import { outcomeOf } from './outcome.ts';

/** Returns as many copies of a part as fit into a rule. */
function full(head: string, part: string, joint: string, tail: string): string {
  const room = 10_000 - head.length - part.length - tail.length;
  return head + (part + joint).repeat(Math.floor(room / (part + joint).length)) + part + tail;
}

const numbers = (count: number) => Array.from({ length: count }, (_, i) => i + 1);

describe('a rule that tries to grow', () => {
  it.each([
    '"a" * 10**9 == ""',
    '10**9 * "a" == ""',
    '"a" * 100001 == ""',
    '("a" * 99999 + "b") * 2 == ""',
    '[0] * 10**9 == []',
    '10**9 * (0,) == ()',
    '[[0] * 5000, [0] * 5001] == []',
    '9**9**9 == 0',
    '2**10**8 == 0',
    '(-2)**10**8 == 0',
    '10**10**10**10 == 0',
    '1 << 10**9 == 0',
    '1 << 2**64 == 0',
    '(1 << 9000) * (1 << 9000) == 0',
    '(2**9000)**2 == 0',
    '~(1 << 10000) == 0',
    '[1 for a in xs for b in xs for c in xs for d in xs] == []',
    '[1 for a in xs for b in xs if False] == []',
    '[a + b for a in [xs] * 200 for b in [xs]] == []',
    '[xs + xs for a in xs] == []',
    '[xs * 2 for a in xs] == []',
    '[["a" * 100000 for b in xs] for a in xs] == []',
    '["a" * 50000 + "b" * 50000 for a in xs] == []',
    '[s + s + s + s for s in ["x" * 25000] for a in xs] == []',
    '[{x for x in xs} | {b} for a in xs for b in xs] == []',
    '[{"k" * a: a} | {"j" * a: a} for a in xs * 60] == []',
  ])('is stopped: %s', (rule) => {
    expect(outcomeOf(rule, { xs: numbers(150) })).toBe('limit');
  });

  it('is stopped if a tuple contains the same tuple many times over', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];
    const loops = names.map((name, i) => {
      const inner = i === 0 ? '1' : (names[i - 1] ?? '');
      return ` for ${name} in [(${Array.from({ length: 10 }, () => inner).join(', ')})]`;
    });
    expect(outcomeOf(`{1${loops.join('')}} == {1}`)).toBe(true);
    // 10 ** 10 numbers, if they were written out.
    expect(outcomeOf(`{j${loops.join('')}} == {1}`)).toBe('limit');
    expect(outcomeOf(`{j: 1${loops.join('')}} == {}`)).toBe('limit');
    expect(outcomeOf(`[1 in {j}${loops.join('')}] == [False]`)).toBe('limit');
    expect(outcomeOf(`[(j, 1) == (j, 2)${loops.join('')}] == [False]`)).toBe(true);
    const other = loops.join('').replaceAll(/\b([a-j])\b/g, '$1$1');
    expect(outcomeOf(`[j == jj${loops.join('')}${other}] == [True]`)).toBe('limit');
    expect(outcomeOf(`[j < jj${loops.join('')}${other}] == [True]`)).toBe('limit');
  });
});

describe('a rule that tries to take too long', () => {
  const xs = numbers(9990);
  const big = Object.fromEntries(xs.map((x) => [`key-${x}`, x]));
  const long = 'a'.repeat(100_000);

  it.each([
    [
      'compares long lists',
      full('[1 for x in xs if ', 'a == b', ' or ', '] == []'),
      { a: [...xs, 1], b: [...xs, 2] },
    ],
    [
      'orders long lists',
      full('[1 for x in xs if ', 'a < b', ' or ', '] == []'),
      { a: [...xs, 2], b: [...xs, 1] },
    ],
    ['looks through long lists', full('[1 for x in xs if ', '0 in xs', ' or ', '] == []'), {}],
    [
      'compares large dicts',
      full('[1 for x in xs if ', 'a == b', ' or ', '] == []'),
      { a: { ...big, z: 1 }, b: { ...big, z: 2 } },
    ],
    [
      'reads large dicts',
      full('[1 for x in xs if ', '1 in a', ' or ', '] == []'),
      { a: new Map(Object.entries(big)) },
    ],
    [
      'asks large dicts for their truth',
      full('[1 for x in xs if ', 'not a', ' or ', '] == []'),
      { a: big },
    ],
    ['joins large dicts', '[a | a for x in xs] == []', { a: big }],
    [
      'compares long strings',
      full('[1 for x in xs if ', 'a == b', ' or ', '] == []'),
      { a: `${long}b`, b: `${long}c` },
    ],
    [
      'compares long strings in a list',
      '[1 for x in xs if a in b] == []',
      { a: `${long}b`, b: Array.from({ length: 5000 }, (_, i) => `${long}${i % 10}`) },
    ],
    [
      'orders long strings',
      full('[1 for x in xs if ', 'a < b', ' or ', '] == []'),
      { a: `${long}c`, b: `${long}b` },
    ],
    [
      'orders short strings often',
      full('[1 for x in xs if ', 'a < b', ' or ', '] == []'),
      { a: 'a'.repeat(99), b: 'a'.repeat(98) },
    ],
    // The worst case of a search: everything but the middle of the pattern matches everywhere.
    [
      'searches long strings',
      '[1 for x in xs if a in b] == []',
      { a: `${'a'.repeat(25_000)}b${'a'.repeat(25_000)}`, b: long },
    ],
    [
      'searches shorter strings',
      '[1 for x in xs if a in b] == []',
      { a: `${'a'.repeat(100)}b${'a'.repeat(100)}`, b: long },
    ],
    [
      'measures long strings',
      full('[1 for x in xs if ', 's.length == 0', ' or ', '] == []'),
      { s: long },
    ],
    ['cuts long strings', full('[1 for x in xs if ', 's[1:] == 0', ' or ', '] == []'), { s: long }],
    [
      'looks into long strings',
      full('[1 for x in xs if ', 's[0] == 0', ' or ', '] == []'),
      { s: long },
    ],
    ['copies long lists', full('[1 for x in xs if ', 'xs[:] == 0', ' or ', '] == []'), {}],
    [
      'multiplies long numbers',
      full('[1 for n in [3 ** 3000] for x in xs if ', 'n * n == 0', ' or ', '] == []'),
      {},
    ],
    [
      'divides long numbers',
      full('[1 for n in [3 ** 6000] for x in xs if ', 'n / n == 0', ' or ', '] == []'),
      {},
    ],
    [
      'divides long numbers with a rest',
      full('[1 for n in [3 ** 6000] for x in xs if ', 'n % 7 == 9', ' or ', '] == []'),
      {},
    ],
    ['raises powers', full('[1 for x in xs if ', '3 ** 6309 == 0', ' or ', '] == []'), {}],
    [
      'makes sets of Sets',
      full('[1 for x in xs if ', 'a < a', ' or ', '] == []'),
      { a: new Set(xs) },
    ],
  ])('is stopped when it %s', (_what, rule, values) => {
    expect(rule.length).toBeLessThanOrEqual(10_000);
    expect(outcomeOf(rule, { xs, ...values })).toBe('limit');
  });

  it('finishes if there is little work', () => {
    for (const part of [
      'x == 0',
      'x + x == 0',
      'not x',
      'x in (0, -1)',
      'x ** 0 == 0',
      'u.a.b == 0',
    ]) {
      const rule = full('[1 for x in xs if ', part, ' or ', '] == []');
      expect(outcomeOf(rule, { xs: xs.slice(0, 300), u: { a: { b: 1 } } })).toBe(true);
    }
  });
});
