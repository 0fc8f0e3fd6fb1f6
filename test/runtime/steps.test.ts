import { atOnce, type Steps } from '../../src/runtime/steps.ts';

function* count(to: number, done: number[]): Steps<string> {
  for (let i = 1; i <= to; i++) {
    done.push(i);
    yield;
  }
  return `counted to ${to}`;
}

describe('atOnce', () => {
  it('does all steps, and gives what they come to', () => {
    const done: number[] = [];
    expect(atOnce(count(3, done))).toBe('counted to 3');
    expect(done).toEqual([1, 2, 3]);
  });

  it('throws what a step throws', () => {
    function* failing(): Steps<never> {
      yield;
      throw new Error('no further');
    }
    expect(() => atOnce(failing())).toThrow('no further');
  });
});
