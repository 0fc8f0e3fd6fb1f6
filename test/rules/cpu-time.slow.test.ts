import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { plainEnvironment } from '../processes/plain-environment.ts';
import { RUN_TYPESCRIPT } from '../processes/repository.ts';

interface Measured {
  readonly clause: string;
  readonly operands: string;
  readonly outcome: unknown;
  readonly ratio: number;
}

describe('the processor time of a rule', () => {
  it('is bounded whatever its operands, also for the rule that locates the error', () => {
    const script = join(__dirname, 'measure-cpu-time.ts');
    const { stdout, stderr } = spawnSync(process.execPath, [...RUN_TYPESCRIPT, script], {
      encoding: 'utf8',
      env: plainEnvironment(),
    });
    expect(stderr).toBe('');
    const measured = JSON.parse(stdout) as Measured[];
    expect(measured.length).toBeGreaterThan(20);
    expect(measured.filter(({ outcome }) => outcome !== 'limit')).toEqual([]);
    // 10,000,000 cheap steps are about one unit of the reference work; before slices, keys and objects
    // had a price, the worst ratio was 300.
    expect(measured.filter(({ ratio }) => ratio > 6)).toEqual([]);
  });
});
