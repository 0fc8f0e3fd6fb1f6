import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Client,
  type ClientOptions,
  createClient,
  evenhand,
  callbackSink,
  type MetricSample,
  prometheusText,
} from 'evenhand';
import { VERSION } from '../../src/runtime/version.ts';
import { FakeSource, on } from '../sources/fake-source.ts';
import { observeMetrics } from '../../src/integrations/opentelemetry/observe-metrics.ts';
import { FakeMeter } from '../integrations/opentelemetry/fake-meter.ts';
import { ROOT } from '../cli/run-cli.ts';

const clients: Client[] = [];

function make(source: object, options: ClientOptions = {}): Client {
  const client = createClient({ source, logger: false, ...options });
  clients.push(client);
  return client;
}

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
  jest.spyOn(Math, 'random').mockReturnValue(0.5);
});

afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  jest.useRealTimers();
  jest.restoreAllMocks();
});

/** Returns the samples of a metric. */
function samplesOf(client: Pick<Client, 'metrics'>, name: string): readonly MetricSample[] {
  const metric = client.metrics().find((one) => one.name === name);
  if (metric === undefined) throw new Error(`there is no metric ${name}`);
  return metric.samples;
}

/** Returns the value of the sample that has these labels. */
function valueOf(
  client: Pick<Client, 'metrics'>,
  name: string,
  wanted: Readonly<Record<string, string>> = {},
): number | undefined {
  return samplesOf(client, name).find(({ labels }) =>
    Object.entries(wanted).every(([key, value]) => labels[key] === value),
  )?.value;
}

const down = new Error('no route to host');
const invalid = { origin: 'fake', data: [{ name: 'x' }] };

describe('the metrics of a client', () => {
  it('need no option, and are the same from the middleware', () => {
    const names = make(['a:on'])
      .metrics()
      .map(({ name }) => name);
    const experiments = evenhand({ source: ['a:on'], logger: false });
    expect(experiments.metrics().map(({ name }) => name)).toEqual(names);
    expect(names).toMatchInlineSnapshot(`
      [
        "evenhand.build.info",
        "evenhand.state",
        "evenhand.revision",
        "evenhand.revision.timestamp",
        "evenhand.experiments",
        "evenhand.namespaces",
        "evenhand.source.age",
        "evenhand.source.watching",
        "evenhand.source.problem",
        "evenhand.source.failures",
        "evenhand.reloads",
        "evenhand.decision.errors",
        "evenhand.experiment.errors",
        "evenhand.decision.overrides",
        "evenhand.decision.no_consent",
        "evenhand.decision.unknown_names",
        "evenhand.decision.sticky",
        "evenhand.sticky.problems",
        "evenhand.decision.held_out",
        "evenhand.schedule.switches",
      ]
    `);
  });

  it('come before those of exposures', () => {
    const plain = make(['a:on']).metrics();
    const recording = make(['a:on'], { exposures: { sink: callbackSink(() => {}) } });
    const names = recording.metrics().map(({ name }) => name);
    expect(names.slice(0, plain.length)).toEqual(plain.map(({ name }) => name));
    expect(names).toContain('evenhand.exposures.recorded');
  });

  it('are the same list before and after anything happens, so that instruments exist', async () => {
    const source = new FakeSource(() => Promise.reject(down), { intervalMs: 1000 });
    const client = make(source);
    const list = () => client.metrics().map(({ name, type, unit }) => [name, type, unit]);
    const before = list();
    await jest.advanceTimersByTimeAsync(5000);
    source.answer = () => Promise.resolve(on('a'));
    await jest.advanceTimersByTimeAsync(60_000);
    expect(client.participant().isOn('a')).toBe(true);
    expect(list()).toEqual(before);
  });

  it('name the versions of the package and of Node', () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
      version: string;
    };
    expect(VERSION).toBe(version);
    expect(samplesOf(make(['a:on']), 'evenhand.build.info')).toEqual([
      { labels: { version, node: process.versions.node }, value: 1 },
    ]);
  });

  it('show the revision, its provider, and the time it came into force', async () => {
    jest.setSystemTime(Date.parse('2027-01-31T12:00:00Z'));
    const source = new FakeSource(() => Promise.reject(down), { intervalMs: 1000 });
    const client = make(source, { bootstrap: ['a:on'] });
    expect(samplesOf(client, 'evenhand.revision')).toEqual([]);
    expect(samplesOf(client, 'evenhand.revision.timestamp')).toEqual([]);
    await jest.advanceTimersByTimeAsync(0);
    expect(samplesOf(client, 'evenhand.revision')).toMatchObject([
      { labels: { provider: 'bootstrap' }, value: 1 },
    ]);
    source.answer = () => Promise.resolve({ ...on('a', 'b'), revision: 7 });
    await jest.advanceTimersByTimeAsync(500);
    expect(samplesOf(client, 'evenhand.revision')).toEqual([
      { labels: { provider: 'source', revision: '7' }, value: 1 },
    ]);
    expect(valueOf(client, 'evenhand.revision.timestamp')).toBe(
      Date.parse('2027-01-31T12:00:00.500Z') / 1000,
    );
  });

  it('count experiments and namespaces', () => {
    const client = make({
      experiments: ['a:on', 'b:on'],
      namespaces: [{ name: 'n', unit: 'user.id', experiments: [], history: [] }],
    });
    expect(valueOf(client, 'evenhand.experiments')).toBe(2);
    expect(valueOf(client, 'evenhand.namespaces')).toBe(1);
  });

  it('show the state and the age of the source', async () => {
    const source = new FakeSource(() => Promise.resolve(on('a')), { intervalMs: 1000 });
    const client = make(source, { staleAfterMs: 10_000 });
    const state = () =>
      samplesOf(client, 'evenhand.state')
        .filter(({ value }) => value === 1)
        .map(({ labels }) => labels['state']);
    expect(state()).toEqual(['starting']);
    expect(samplesOf(client, 'evenhand.source.age')).toEqual([]);
    await jest.advanceTimersByTimeAsync(250);
    expect(state()).toEqual(['ready']);
    expect(samplesOf(client, 'evenhand.source.age')).toEqual([
      { labels: { source: 'fake' }, value: 0.25 },
    ]);
    source.answer = () => Promise.reject(down);
    await jest.advanceTimersByTimeAsync(10_000);
    expect(state()).toEqual(['stale']);
    expect(valueOf(client, 'evenhand.source.age')).toBeGreaterThan(10);
  });

  it('count loads by result, and failures by code', async () => {
    const source = new FakeSource(() => Promise.resolve(on('a')), { intervalMs: 1000 });
    const client = make(source);
    const results = () => [
      ...['changed', 'unchanged', 'failed'].map((result) =>
        valueOf(client, 'evenhand.reloads', { result }),
      ),
      valueOf(client, 'evenhand.source.problem'),
    ];
    expect(results()).toEqual([0, 0, 0, 0]);
    await jest.advanceTimersByTimeAsync(0);
    expect(results()).toEqual([1, 0, 0, 0]);
    await jest.advanceTimersByTimeAsync(2000);
    expect(results()).toEqual([1, 2, 0, 0]);
    source.answer = () => Promise.resolve(on('a', 'b'));
    await jest.advanceTimersByTimeAsync(1000);
    expect(results()).toEqual([2, 2, 0, 0]);
    source.answer = () => Promise.resolve(invalid);
    await jest.advanceTimersByTimeAsync(1000);
    expect(results()).toEqual([2, 2, 1, 1]);
    source.answer = () => Promise.reject(down);
    await jest.advanceTimersByTimeAsync(1000);
    expect(results()).toEqual([2, 2, 2, 1]);
    expect(samplesOf(client, 'evenhand.source.failures')).toEqual([
      { labels: { source: 'fake', code: 'spec' }, value: 1 },
      { labels: { source: 'fake', code: 'source' }, value: 1 },
    ]);
    source.answer = () => Promise.resolve(on('a', 'b'));
    await jest.advanceTimersByTimeAsync(1000);
    expect(results()[3]).toBe(0);
  });

  it('count overrides where they decide, once for each decision', () => {
    const client = make(['a:on', 'b:on']);
    const who = client.participant({}, { overrides: { a: 'off', b: 'nonsense', c: 'on' } });
    expect([who.variant('a'), who.variant('a'), who.variant('b')]).toEqual(['off', 'off', 'on']);
    expect(valueOf(client, 'evenhand.decision.overrides')).toBe(1);
  });

  it('count unknown names by kind, without the names: requests can invent them', () => {
    const client = make(['a:on']);
    const who = client.participant();
    for (let i = 0; i < 2000; i++) who.variant(`invented-${i}`);
    who.namespace('nowhere').get('x');
    who.isVariant('a', 'blue');
    who.isVariant('a', ['on', 'blue']);
    who.isVariant('a', 'off');
    expect(samplesOf(client, 'evenhand.decision.unknown_names')).toEqual([
      { labels: { kind: 'experiment' }, value: 2000 },
      { labels: { kind: 'namespace' }, value: 1 },
      { labels: { kind: 'variant' }, value: 1 },
    ]);
    expect(prometheusText(client.metrics())).not.toContain('invented');
  });

  it('keep counting when the experiments change', async () => {
    const source = new FakeSource(() => Promise.resolve(on('a')), { intervalMs: 1000 });
    const client = make(source);
    await jest.advanceTimersByTimeAsync(0);
    client.participant().variant('x');
    source.answer = () => Promise.resolve(on('b'));
    await jest.advanceTimersByTimeAsync(1000);
    client.participant().variant('x');
    expect(valueOf(client, 'evenhand.decision.unknown_names')).toBe(2);
  });

  it('do not log that there are no experiments yet', async () => {
    const warn = jest.fn();
    const client = make(new FakeSource(() => new Promise(() => {})), {
      startWithout: 'fallback',
      logger: { warn, error: warn },
    });
    expect(valueOf(client, 'evenhand.experiments')).toBe(0);
    expect(warn).not.toHaveBeenCalled();
  });

  it('escape and shorten a revision of any text', async () => {
    const revision = `\u001b[2J"\n${'x'.repeat(500)}`;
    const client = make(new FakeSource(() => ({ ...on('a'), revision })));
    const text = prometheusText(client.metrics());
    const line = text.split('\n').find((one) => one.startsWith('evenhand_revision{')) ?? '';
    expect(line).toMatch(/^evenhand_revision\{revision="\\\\u001b\[2J\\"\\\\u000axxx[^"]*…",/);
    expect(line.length).toBeLessThan(150);
  });

  it('reach OpenTelemetry with their names, units and labels', async () => {
    const source = new FakeSource(() => Promise.reject(down), { intervalMs: 1000 });
    const client = make(source);
    const meter = new FakeMeter();
    observeMetrics(meter, client);
    expect(meter.instruments.map(({ name }) => name)).toEqual(
      client.metrics().map(({ name }) => name),
    );
    await jest.advanceTimersByTimeAsync(0);
    source.answer = () => Promise.resolve({ ...on('a'), revision: 7 });
    await jest.advanceTimersByTimeAsync(2000);
    client.participant().variant('unknown');
    expect(meter.collect()).toEqual(
      expect.arrayContaining([
        {
          name: 'evenhand.revision',
          value: 1,
          attributes: { revision: '7', provider: 'source' },
        },
        {
          name: 'evenhand.source.failures',
          value: 1,
          attributes: { source: 'fake', code: 'source' },
        },
        { name: 'evenhand.decision.unknown_names', value: 1, attributes: { kind: 'experiment' } },
      ]),
    );
  });

  it('have the names that Prometheus expects of their units and types', () => {
    const names = prometheusText(
      make(new FakeSource(() => on('a'), { intervalMs: 1000 })).metrics(),
    )
      .split('\n')
      .filter((line) => line.startsWith('# TYPE'));
    expect(names).toMatchInlineSnapshot(`
      [
        "# TYPE evenhand_build_info gauge",
        "# TYPE evenhand_state gauge",
        "# TYPE evenhand_revision gauge",
        "# TYPE evenhand_revision_timestamp_seconds gauge",
        "# TYPE evenhand_experiments gauge",
        "# TYPE evenhand_namespaces gauge",
        "# TYPE evenhand_source_age_seconds gauge",
        "# TYPE evenhand_source_watching gauge",
        "# TYPE evenhand_source_problem gauge",
        "# TYPE evenhand_reloads_total counter",
        "# TYPE evenhand_decision_errors_total counter",
        "# TYPE evenhand_decision_overrides_total counter",
        "# TYPE evenhand_decision_no_consent_total counter",
        "# TYPE evenhand_decision_unknown_names_total counter",
        "# TYPE evenhand_decision_sticky_total counter",
        "# TYPE evenhand_sticky_problems_total counter",
        "# TYPE evenhand_decision_held_out_total counter",
        "# TYPE evenhand_schedule_switches_total counter",
      ]
    `);
  });
});
