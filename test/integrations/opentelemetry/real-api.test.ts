import {
  type Context,
  context,
  type ContextManager,
  metrics,
  type Observable,
  ROOT_CONTEXT,
  trace,
  TraceFlags,
} from '@opentelemetry/api';
import { createClient } from '../../../src/client/client.ts';
import type { OtelMeter, OtelTrace } from '../../../src/integrations/opentelemetry/api.ts';
import { evaluationHooks } from '../../../src/integrations/opentelemetry/evaluation-hooks.ts';
import { observeMetrics } from '../../../src/integrations/opentelemetry/observe-metrics.ts';

/** A context manager for synchronous code; OpenTelemetry's SDK also supports asynchronous code. */
class SynchronousContexts implements ContextManager {
  private current: Context = ROOT_CONTEXT;

  active(): Context {
    return this.current;
  }

  with<A extends unknown[], F extends (...args: A) => ReturnType<F>>(
    inner: Context,
    run: F,
    thisArg?: ThisParameterType<F>,
    ...args: A
  ): ReturnType<F> {
    const outer = this.current;
    this.current = inner;
    try {
      return run.apply(thisArg, args);
    } finally {
      this.current = outer;
    }
  }

  bind<T>(_context: Context, target: T): T {
    return target;
  }

  enable(): this {
    return this;
  }

  disable(): this {
    return this;
  }
}

describe('@opentelemetry/api', () => {
  afterEach(() => context.disable());

  it('has a meter that observeMetrics() accepts', () => {
    const meter: OtelMeter<Observable> = metrics.getMeter('evenhand');
    const client = createClient({ source: ['banner:on'], hooks: {} });
    const stop = observeMetrics(meter, client);
    expect(stop).not.toThrow();
  });

  it('has a trace API that evaluationHooks() accepts, and adds the events to its active span', () => {
    context.setGlobalContextManager(new SynchronousContexts());
    const otelTrace: OtelTrace = trace;
    const hooks = evaluationHooks({ trace: otelTrace });
    const client = createClient({ source: ['banner:on'], hooks });
    const ids = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: TraceFlags.SAMPLED };
    const span = trace.wrapSpanContext(ids);
    const addEvent = jest.spyOn(span, 'addEvent');
    client.participant().isOn('banner');
    expect(addEvent).not.toHaveBeenCalled();
    context.with(trace.setSpan(context.active(), span), () => client.participant().isOn('banner'));
    expect(addEvent).toHaveBeenCalledWith(
      'feature_flag.evaluation',
      expect.objectContaining({ 'feature_flag.key': 'banner' }),
    );
  });
});
