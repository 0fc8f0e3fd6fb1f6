import { RepeatSketch } from '../../../../src/workbench/simulate/count/repeats.ts';
import { runs } from '../../../runs.ts';

/** Creates a sketch of `texts` different texts, each added several times. */
function sketchOf(texts: number, times: number): RepeatSketch {
  const sketch = new RepeatSketch();
  for (let i = 0; i < texts; i++) {
    for (let n = 0; n < times; n++) sketch.add(`user-${i * 7919}`);
  }
  return sketch;
}

describe('RepeatSketch', () => {
  it('estimates 1 if each text occurs once', () => {
    expect(new RepeatSketch().inflation()).toBe(1);
    expect(sketchOf(1, 1).inflation()).toBeCloseTo(1, 3);
    expect(sketchOf(1000, 1).inflation()).toBeCloseTo(1, 1);
    expect(sketchOf(runs(300_000), 1).inflation()).toBeLessThan(1.1);
  });

  it('estimates how often texts repeat', () => {
    expect(sketchOf(40, 500).inflation() / 500).toBeCloseTo(1, 2);
    expect(sketchOf(20_000, 10).inflation() / 10).toBeCloseTo(1, 1);
    expect(sketchOf(1, 5000).inflation() / 5000).toBeCloseTo(1, 3);
  });
});
