import { atOnce, type Steps } from '../../src/runtime/steps.ts';

function* count(to: number, done: number[]): Steps<string> {
  for (let i = 1; i <= to; i++) {
    done.push(i);
    yield;
  }
  return `counted to ${to}`;
}

describe('atOnce', () => {
  it('runs all steps and returns their result', () => {
    const done: number[] = [];
    expect(atOnce(count(3, done))).toBe('counted to 3');
    expect(done).toEqual([1, 2, 3]);
  });

  it('throws the error of a step', () => {
    function* failing(): Steps<never> {
      yield;
      throw new Error('no further');
    }
    expect(() => atOnce(failing())).toThrow('no further');
  });
});
