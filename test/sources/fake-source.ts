import type { Delivery, LoadOptions, Source } from 'evenhand';

type Answer = Delivery | Error | Promise<Delivery>;

/** A source that is played by the test. */
export class FakeSource implements Source {
  readonly name = 'fake';
  intervalMs: number | undefined;
  watchedIntervalMs: number | undefined;
  timeoutMs: number | undefined;
  settleMs: number | undefined;
  watch: Source['watch'];
  /** What each load was given, and when it was. */
  readonly loads: (LoadOptions & { at: number })[] = [];
  closed = 0;
  /** What it answers: at once, or with a promise. */
  answer: () => Answer;

  constructor(answer: () => Answer, times: Partial<FakeSource> = {}) {
    this.answer = answer;
    Object.assign(this, times);
  }

  load(options: LoadOptions): Delivery | Promise<Delivery> {
    this.loads.push({ ...options, at: performance.now() });
    const answer = this.answer();
    if (answer instanceof Error) throw answer;
    return answer;
  }

  close(): void {
    this.closed++;
  }
}

/** A delivery of switches: `on('search')`. */
export function on(...names: string[]): Delivery {
  return { origin: 'fake', data: names.map((name) => `${name}:on`) };
}
