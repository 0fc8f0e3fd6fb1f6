import type { Delivery, LoadOptions, Source } from 'evenhand';

type Answer = Delivery | Error | Promise<Delivery>;

/** A source whose answers the test sets. */
export class FakeSource implements Source {
  readonly name = 'fake';
  intervalMs: number | undefined;
  watchedIntervalMs: number | undefined;
  timeoutMs: number | undefined;
  settleMs: number | undefined;
  watch: Source['watch'];
  local: boolean | undefined;
  /** The options and time of each load. */
  readonly loads: (LoadOptions & { at: number })[] = [];
  closed = 0;
  /** Returns the answer or a promise of it. */
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

/** Returns a delivery of switches that are on: `on('search')`. */
export function on(...names: string[]): Delivery {
  return { origin: 'fake', data: names.map((name) => `${name}:on`) };
}
