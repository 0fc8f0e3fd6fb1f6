import { createClient } from '../../../src/client/client.ts';
import type { ClientOptions } from '../../../src/client/options.ts';
import type { OtelAttributes } from '../../../src/integrations/opentelemetry/api.ts';
import {
  evaluationHooks,
  type EvaluationHooksOptions,
} from '../../../src/integrations/opentelemetry/evaluation-hooks.ts';

const EXPERIMENTS = [
  'banner:on',
  {
    name: 'kept',
    identity: 'user.id',
    sticky: true,
    variants: [{ name: 'a' }, { name: 'b' }],
    audiences: [{ allocations: [{ variant: 'b', percent: 100 }] }],
  },
  {
    name: 'button',
    identity: 'user.id',
    variants: [{ name: 'blue' }, { name: 'green' }],
    audiences: [
      {
        rule: 'user.plan == "pro"',
        allocations: [
          { variant: 'blue', percent: 50 },
          { variant: 'green', percent: 50 },
        ],
      },
      { rule: 'user.plan == "team"', allocations: [{ variant: 'green', percent: 100 }] },
      { allocations: [{ variant: 'blue', percent: 100 }] },
    ],
  },
];

interface EmittedEvent {
  readonly name: string | undefined;
  readonly attributes: OtelAttributes | undefined;
}

/** A logger like `logs.getLogger()` of `@opentelemetry/api-logs`. */
class FakeLogger {
  readonly events: EmittedEvent[] = [];

  emit({ eventName, attributes }: { eventName?: string; attributes?: OtelAttributes }): void {
    this.events.push({ name: eventName, attributes });
  }
}

/** The trace API, with or without an active span. */
class FakeTrace {
  readonly events: EmittedEvent[] = [];
  private readonly active: boolean;

  constructor(active: boolean) {
    this.active = active;
  }

  getActiveSpan() {
    if (!this.active) return undefined;
    const span = {
      addEvent: (name: string, attributes?: OtelAttributes) => {
        this.events.push({ name, attributes });
        return span;
      },
    };
    return span;
  }
}

/** Returns the attributes of the events during decisions of a participant. */
function eventsOf(
  ask: (client: ReturnType<typeof createClient>) => void,
  options: EvaluationHooksOptions = {},
  clientOptions: ClientOptions = {},
): (OtelAttributes | undefined)[] {
  const logger = new FakeLogger();
  const hooks = evaluationHooks({ logger, ...options });
  ask(createClient({ source: EXPERIMENTS, logger: false, hooks, ...clientOptions }));
  expect(logger.events.every(({ name }) => name === 'feature_flag.evaluation')).toBe(true);
  return logger.events.map(({ attributes }) => attributes);
}

const PRO = { user: { id: 1, plan: 'pro' } };

const KEY = 'feature_flag.key';
const VARIANT = 'feature_flag.result.variant';
const REASON = 'feature_flag.result.reason';
const PROVIDER = { 'feature_flag.provider.name': 'evenhand' };
/** A checksum of an experiment, or a revision. */
const VERSION = { 'feature_flag.version': expect.stringMatching(/^[0-9a-f]{16}$/) };

describe('evaluationHooks', () => {
  it('emits an event for each decision, once for each participant', () => {
    const events = eventsOf((client) => {
      const participant = client.participant(PRO);
      participant.variant('button');
      participant.isVariant('button', 'green');
    });
    expect(events).toEqual([
      {
        ...PROVIDER,
        ...VERSION,
        [KEY]: 'button',
        [VARIANT]: expect.any(String),
        [REASON]: 'split',
      },
    ]);
  });

  it.each([
    ['static', 'a switch', (client) => client.participant().isOn('banner')],
    [
      'default',
      'the fallback audience of one variant',
      (client) => {
        client.participant({ user: { id: 1, plan: 'free' } }).variant('button');
      },
    ],
    [
      'targeting_match',
      'a rule whose audience has one variant',
      (client) => {
        client.participant({ user: { id: 1, plan: 'team' } }).variant('button');
      },
    ],
    [
      'targeting_match',
      'an override',
      (client) => {
        client.participant(PRO, { overrides: { button: 'green' } }).variant('button');
      },
    ],
    [
      'split',
      'a variant that the participant keeps',
      (client) => {
        const units = { 'user.id': '1' };
        const assignments = [{ experiment: 'kept', seed: 'kept', variant: 'a', units }];
        client.participant({ user: { id: 1 } }, { assignments }).variant('kept');
      },
    ],
  ] as readonly [string, string, (client: ReturnType<typeof createClient>) => void][])(
    'gives %s as the reason of %s',
    (reason, _, ask) => {
      expect(eventsOf(ask)).toMatchObject([{ [REASON]: reason }]);
    },
  );

  it('reports an error, and the variant of the fallback audience', () => {
    const events = eventsOf(
      (client) => client.participant({ user: {} }).variant('button'),
      {},
      { onError: 'fallback' },
    );
    expect(events).toEqual([
      {
        ...PROVIDER,
        ...VERSION,
        [KEY]: 'button',
        [VARIANT]: 'blue',
        [REASON]: 'error',
        'error.type': 'general',
        'error.message': expect.stringContaining('plan'),
      },
    ]);
  });

  it('names the set of flags', () => {
    const events = eventsOf((client) => client.participant().isOn('banner'), { setId: 'shop' });
    expect(events).toMatchObject([{ 'feature_flag.set.id': 'shop' }]);
  });

  it('emits an event for each exposure, with the checksum, when on is "exposure"', () => {
    const events = eventsOf(
      (client) => {
        for (let i = 0; i < 3; i++) client.participant(PRO).variant('button');
        client.participant().isOn('banner');
        client.participant(PRO, { overrides: { button: 'green' } }).variant('button');
      },
      { on: 'exposure' },
    );
    expect(events).toEqual([
      {
        ...PROVIDER,
        [KEY]: 'button',
        [VARIANT]: 'blue',
        [REASON]: 'split',
        ...VERSION,
      },
      expect.objectContaining({ [VARIANT]: 'green', [REASON]: 'targeting_match' }),
    ]);
  });

  it('reports the unit only with unit: true', () => {
    const ask = (client: ReturnType<typeof createClient>) =>
      client.participant(PRO).variant('button');
    const [without] = eventsOf(ask, { on: 'exposure' });
    expect(without).not.toHaveProperty(['feature_flag.context.id']);
    const [withUnit] = eventsOf(ask, { on: 'exposure', unit: true });
    expect(withUnit).toHaveProperty(['feature_flag.context.id'], '1');
  });

  it('adds the event to the active span', () => {
    const trace = new FakeTrace(true);
    const client = createClient({ source: EXPERIMENTS, hooks: evaluationHooks({ trace }) });
    client.participant(PRO).variant('button');
    expect(trace.events).toMatchObject([{ name: 'feature_flag.evaluation', attributes: PROVIDER }]);
  });

  it('adds no event if no span is active', () => {
    const trace = new FakeTrace(false);
    const client = createClient({ source: EXPERIMENTS, hooks: evaluationHooks({ trace }) });
    expect(client.participant(PRO).variant('button')).toBe('blue');
    expect(trace.events).toEqual([]);
  });

  it.each([
    [{}, 'evaluationHooks(): there is no destination for events; set "logger" or "trace"'],
    [{ logger: {} }, 'evaluationHooks(): option "logger" must be a logger with an emit() method'],
    [{ trace: {} }, 'evaluationHooks(): option "trace" must be the trace API'],
    [{ logger: new FakeLogger(), on: 'read' }, '"on" must be "decision" or "exposure"'],
    [{ logger: new FakeLogger(), unit: true }, '"unit" works only for exposures'],
    [{ logger: new FakeLogger(), spans: true }, 'unknown option "spans"'],
  ])('rejects the options %j', (options, message) => {
    expect(() => evaluationHooks(options as EvaluationHooksOptions)).toThrow(message);
  });
});
