import { startProgress } from '../../../src/cli/output/progress.ts';
import { testHost } from '../test-host.ts';

/** Creates a terminal host whose clock the test sets. */
function hostAt(clock: { ms: number }, isTTY = true) {
  return testHost({ cwd: '/', isTTY, now: () => new Date(clock.ms) });
}

describe('startProgress', () => {
  it('shows nothing for the first second', () => {
    const clock = { ms: 0 };
    const host = hostAt(clock);
    const progress = startProgress(host, 'counting', 10);
    clock.ms = 999;
    progress.update(5);
    progress.end();
    expect(host.err()).toBe('');
  });

  it('updates the bar at most ten times a second and removes it at the end', () => {
    const clock = { ms: 0 };
    const host = hostAt(clock);
    const progress = startProgress(host, 'counting', 10);
    clock.ms = 1000;
    progress.update(5);
    clock.ms = 1050;
    progress.update(6);
    expect(host.err()).toBe(`\rcounting ${'█'.repeat(15)}${'░'.repeat(15)}  50%\u001b[K`);
    progress.end();
    expect(host.err().endsWith('\r\u001b[K')).toBe(true);
    expect(host.out()).toBe('');
  });

  it('shows nothing if stderr is not a terminal', () => {
    const clock = { ms: 0 };
    const host = hostAt(clock, false);
    const progress = startProgress(host, 'counting', 10);
    clock.ms = 5000;
    progress.update(5);
    progress.end();
    expect(host.err()).toBe('');
  });
});
