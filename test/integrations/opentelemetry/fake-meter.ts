import type {
  OtelAttributes,
  OtelInstrumentOptions,
  OtelMeter,
  OtelObservableResult,
} from '../../../src/integrations/opentelemetry/api.ts';

/** An instrument of the fake, with the fields of OpenTelemetry's SDK. */
export interface FakeInstrument {
  readonly name: string;
  readonly kind: 'counter' | 'gauge';
  readonly options: OtelInstrumentOptions | undefined;
}

/** One value, as a reader of the SDK receives it. */
export interface FakePoint {
  readonly name: string;
  readonly value: number;
  readonly attributes: OtelAttributes;
}

type Callback = (result: OtelObservableResult<FakeInstrument>) => void;

/**
 * A meter that behaves like that of OpenTelemetry's SDK 2.x. A callback may observe only the
 * instruments of its registration. Adding it again with the same instruments has no effect, and
 * removing it needs the same callback and the same instruments.
 */
export class FakeMeter implements OtelMeter<FakeInstrument> {
  readonly instruments: FakeInstrument[] = [];
  private registered: { callback: Callback; instruments: Set<FakeInstrument> }[] = [];

  createObservableCounter(name: string, options?: OtelInstrumentOptions): FakeInstrument {
    return this.create(name, 'counter', options);
  }

  createObservableGauge(name: string, options?: OtelInstrumentOptions): FakeInstrument {
    return this.create(name, 'gauge', options);
  }

  addBatchObservableCallback(callback: Callback, instruments: FakeInstrument[]): void {
    if (this.indexOf(callback, instruments) === -1) {
      this.registered.push({ callback, instruments: new Set(instruments) });
    }
  }

  removeBatchObservableCallback(callback: Callback, instruments: FakeInstrument[]): void {
    const index = this.indexOf(callback, instruments);
    if (index !== -1) this.registered.splice(index, 1);
  }

  /** Returns the values that a reader collects. */
  collect(): FakePoint[] {
    const points: FakePoint[] = [];
    for (const { callback, instruments } of this.registered) {
      callback({
        observe(instrument, value, attributes = {}) {
          if (instruments.has(instrument))
            points.push({ name: instrument.name, value, attributes });
        },
      });
    }
    return points;
  }

  private create(
    name: string,
    kind: FakeInstrument['kind'],
    options: OtelInstrumentOptions | undefined,
  ): FakeInstrument {
    const instrument = { name, kind, options };
    this.instruments.push(instrument);
    return instrument;
  }

  private indexOf(callback: Callback, instruments: readonly FakeInstrument[]): number {
    return this.registered.findIndex(
      (one) =>
        one.callback === callback &&
        one.instruments.size === instruments.length &&
        instruments.every((instrument) => one.instruments.has(instrument)),
    );
  }
}
