// Application code for the compiler: lines marked @ts-expect-error must fail, all others must compile.
// Nothing here is run. `test/house/types.test.ts` compiles it as ESM and as CommonJS.
import express, { type ErrorRequestHandler, type RequestHandler } from 'express';
import {
  type AdditionLine,
  type AllocationRange,
  type AllocationSpec,
  assertAppended,
  type AssignmentOptions,
  type AudienceSpec,
  type AudienceTrace,
  bucketOf,
  type Change,
  type ChangedEvent,
  type ChangeNote,
  type ClauseTrace,
  type Client,
  type ClientOptions,
  type ClientState,
  type ClientStatus,
  compileRule,
  ContextError,
  type ContextProvider,
  createClient,
  createExposures,
  type Decision,
  type DecisionReason,
  type Delivery,
  type ErrorCode,
  evenhand,
  EvenhandError,
  type EvenhandOptions,
  type ExperimentQuestions,
  type ExperimentSpec,
  type ExperimentsMiddleware,
  type Exposures,
  type ExposuresOptions,
  type ExposureStats,
  fileSink,
  type GuardOptions,
  type HealthReport,
  type HistoryChange,
  HistoryError,
  type HistoryLine,
  type Hooks,
  httpSource,
  type HttpSourceOptions,
  type Identity,
  IdentityError,
  type JsonValue,
  type LazyValue,
  type LiveOptions,
  type Logger,
  type NamespaceAssignment,
  type NamespaceChange,
  type NamespaceExperimentSpec,
  type NamespaceExplanation,
  type NamespaceSpec,
  type NamespaceVariantSpec,
  NotMountedError,
  type OnError,
  OptionError,
  type OverrideOptions,
  parseExperiments,
  type Participant,
  type ParticipantOptions,
  type Problem,
  rapidhash,
  type RawData,
  type RawSpecification,
  type RawText,
  type ReadyOptions,
  type RemovalLine,
  requireOff,
  requireOn,
  requireVariant,
  type Revision,
  type Rule,
  RuleError,
  type RuleErrorCode,
  type RuleRange,
  type SettingsFiles,
  type SettingsOptions,
  settingsSource,
  type SettingsSource,
  type Snapshot,
  type Sink,
  type Source,
  SourceError,
  SpecError,
  type TrackingCookieOptions,
  type VariantSpec,
} from 'evenhand';
import {
  fixedExperiments,
  fixedNamespaces,
  type FixedParameters,
  type FixedVariant,
  overrideExperiment,
  recordingSink,
} from 'evenhand/testing';
import {
  analysisSql,
  analyze,
  clientEngine,
  type Dialect,
  duckdbEngine,
  type Engine,
  type ExperimentPlan,
  type MetricResult,
  type MetricRole,
  type MetricType,
  planExperiment,
  planPage,
  postgresEngine,
  type RecordSelect,
  type Result,
  resultJson,
  resultMarkdown,
  resultPage,
  type ResultPageOptions,
  type Verdict,
} from 'evenhand/analysis';
import { dashboard, type DashboardOptions, fileStore, type Workspace } from 'evenhand/dashboard';
import { type ShareOptions, toolbar, type ToolbarOptions } from 'evenhand/toolbar';
import type { PostgresClient } from 'evenhand/postgres';
import { defineExperiment, SimpleNamespace, uniformChoice } from 'evenhand/planout';
import {
  type HandlebarsHelper,
  handlebarsHelpers,
  type HandlebarsHelpers,
  nunjucksExtension,
  type NunjucksExtension,
  scriptJson,
} from 'evenhand/views';

// The middleware and its options.

const trackingCookie: TrackingCookieOptions = {
  name: '__cwtk',
  maxAgeMs: 1000,
  httpOnly: true,
  sameSite: 'strict',
  path: '/',
  domain: 'example.com',
  secure: true,
  signed: false,
  when: 'always',
};
const overrides: OverrideOptions = {
  cookie: '__cw',
  allowIps: ['10.0.0.0/8'],
  allow: (req) => req.ip === '::1',
};
const contextProvider: ContextProvider = async (req) => ({ tenant: { id: req.hostname } });
const country: LazyValue = (req) => req.get('CF-IPCountry');
const logger: Logger = { warn: (message: string) => void message, error: () => {} };
const options: EvenhandOptions = {
  source: new URL('file:///etc/experiments.config.json'),
  contextProvider,
  lazy: { country },
  trackingCookie,
  overrides,
  vary: ['Cookie', 'Authorization'],
  onError: 'fallback',
  logger,
  random: () => 0.5,
};
const middleware: ExperimentsMiddleware = evenhand(options);
const ready: Promise<void> = middleware.ready();
const inForce: Snapshot = middleware.experiments();
const closed: Promise<void> = middleware.close();
evenhand({ source: [], contextProvider: () => ({}), logger: false, overrides: false, vary: true });
evenhand({ logger: console });

// @ts-expect-error: unknown value
evenhand({ onError: 'ignore' });
// @ts-expect-error: misspelt
evenhand({ contextprovider });
// @ts-expect-error: the option is named maxAgeMs
evenhand({ trackingCookie: { maxAge: 1000 } });
// @ts-expect-error: browsers know no such value
evenhand({ trackingCookie: { sameSite: 'relaxed' } });
// @ts-expect-error: true does not say who may override
evenhand({ overrides: true });
// @ts-expect-error: allow() is synchronous
evenhand({ overrides: { allow: async () => true } });
// @ts-expect-error: a lazy value is computed by a function
evenhand({ lazy: { country: 'SE' } });
// @ts-expect-error: lacks error()
evenhand({ logger: { warn: () => {} } });
// @ts-expect-error: a context is an object
evenhand({ contextProvider: () => 'user' });

// Exposures.

const app = express();
const sink: Sink = {
  name: 'mine',
  write: async (batch, { signal }) => {
    signal.throwIfAborted();
    for (const record of batch) console.log(record.event === 'outcome' ? record.name : record.unit);
  },
};
const exposuresOptions: ExposuresOptions = {
  sinks: [sink, fileSink(), recordingSink()],
  service: 'shop',
  context: ['user.plan'],
  privacy: 'hash',
  secret: 'sixteen characters',
  once: { maxEntries: 10 },
  onDrop: ({ reason, records }) => console.warn(reason, records.length),
};
const exposures: Exposures = createExposures(exposuresOptions);
const hooks: Hooks = {
  decision: ({ experiment, variant }, who) => console.log(experiment, variant, who.variants()),
  exposure: ({ unit }) => console.log(unit),
};
evenhand({ exposures, hooks });
evenhand({ exposures: { sink } });
const stats: ExposureStats | undefined = evenhand().exposures?.stats();
void [stats, exposures.flush(), exposures.close({ timeoutMs: 100 })];
app.get('/buy', (req, res) => {
  req.expose('button');
  req.track('purchase', { value: 12.5, items: ['a'], note: undefined });
  const peeked: string | undefined = req.peek('button');
  res.send(peeked);

  // @ts-expect-error: properties are JSON
  req.track('purchase', { value: () => 12.5 });
  // @ts-expect-error: the experiment is missing
  req.expose();
});
// @ts-expect-error: a sink is an object
evenhand({ exposures: { sink: 'exposures.ndjson' } });
// @ts-expect-error: misspelt
evenhand({ hooks: { decided: () => {} } });

// The request and the response.

app.use(middleware);
app.get('/', (req, res) => {
  const one: boolean = req.isVariant('button', 'bold');
  const several: boolean = req.isVariant('button', ['bold', 'round'] as const);
  const state: [boolean, boolean] = [req.isOn('search'), req.isOff('search')];
  const variant: string | undefined = req.variant('button');
  const participant: Participant = req.experiments;
  const questions: ExperimentQuestions = req;
  const locals: boolean = res.locals.isVariant('button', 'bold') && res.locals.isOn('search');
  const inViews: string | undefined = res.locals.variant('button');
  res.send([one, several, state, variant, participant, questions, locals, inViews]);

  // @ts-expect-error: the experiment and the variant are missing
  req.isVariant();
  // @ts-expect-error: the variant is missing
  req.isVariant('button');
  // @ts-expect-error: variants are strings
  req.isVariant('button', 1);
  // @ts-expect-error: several variants are passed as an array
  req.isVariant('button', 'bold', 'round');
  // @ts-expect-error: isOn() takes no state
  req.isOn('search', 'on');
  // @ts-expect-error: the variant may be undefined
  const certain: string = req.variant('button');
  // @ts-expect-error: unknown method
  req.isEnabled('search');
  // @ts-expect-error: the variant is missing, in views too
  res.locals.isVariant('button');
  void certain;
});

const handler: RequestHandler = (req, _res, next) => {
  if (req.isOn('search')) next();
  else next('route');
};
const onFailure: ErrorRequestHandler = (error: unknown, req, res, next) => {
  if (error instanceof IdentityError) res.status(500).send(req.experiments.explain('button'));
  else next(error);
};
app.use(handler, onFailure);

// Guards.

const guard: GuardOptions = { redirectTo: '/' };
app.get('/a', requireVariant('button', 'bold'), handler);
app.get('/b', requireVariant('button', ['bold', 'round'], guard), handler);
app.get('/c', requireOn('search'), requireOff('banner', { redirectTo: '/login' }), handler);
// @ts-expect-error: the variant is missing
requireVariant('button');
// @ts-expect-error: misspelt
requireOn('search', { redirect: '/' });

// Without Express.

const assignment: AssignmentOptions = { onError: 'throw', logger: false, random: Math.random };
const snapshot: Snapshot = parseExperiments(['search:on'], assignment);
const forced: ParticipantOptions = { overrides: { search: 'off' } };
const someone: Participant = snapshot.participant({ user: { id: 1 } }, forced);
snapshot.participant(new Map([['user', 1]]), { overrides: new Map([['search', 'off']]) });
const variants: Record<string, string> = someone.variants();
const value: JsonValue | undefined = someone.value('button');
const specs: readonly ExperimentSpec[] = snapshot.experiments;
const known: [boolean, string] = [snapshot.has('search'), snapshot.origin];

const clientOptions: ClientOptions = { source: 'experiments.config.json', ...assignment };
const client: Client = createClient(clientOptions);
const job: Participant = client.participant({ user: { id: 1 } });
const clientReady: Promise<void> = client.ready();
const clientSnapshot: Snapshot = client.experiments();
const clientClosed: Promise<void> = client.close();

// @ts-expect-error: unknown value
parseExperiments([], { onError: 'ignore' });
// @ts-expect-error: the specification is missing
parseExperiments();
// @ts-expect-error: cookies belong to Express
createClient({ trackingCookie });
// @ts-expect-error: a context is an object
snapshot.participant('user');
// @ts-expect-error: a variant is a string
snapshot.participant({}, { overrides: { search: true } });
// @ts-expect-error: a snapshot is immutable
snapshot.experiments.push(...specs);
for (const spec of specs) {
  // @ts-expect-error: its specifications are immutable too
  spec.seed = 'other';
}

// Explanations.

const decision: Decision = someone.explain('search');
const reason: DecisionReason = decision.reason;
const traces: readonly AudienceTrace[] = decision.audiences;
const clauses: readonly ClauseTrace[] = traces.flatMap((trace) => trace.clauses);
const range: AllocationRange | undefined = decision.allocation;
const ends: number[] = range === undefined ? [] : [range.from, range.to];
switch (reason) {
  case 'override':
  case 'holdout':
  case 'sticky':
  case 'allocation':
  case 'no-consent':
  case 'error':
  case 'unknown-experiment':
    break;
  default: {
    const none: never = reason;
    void none;
  }
}

// Namespaces.

const space: NamespaceAssignment = someone.namespace('checkout');
const spaceText: string = space.get('button_text', 'OK');
const spaceUnknown: unknown = space.get('button_text');
const params: Record<string, unknown> = space.getParams();
const place: readonly [number | undefined, string | undefined, boolean] = [
  space.segment,
  space.experiment,
  space.inExperiment,
];
const told: NamespaceExplanation = space.explain();
const spaces: readonly NamespaceSpec[] = snapshot.namespaces;
const definitions: readonly NamespaceExperimentSpec[] = spaces.flatMap((one) => one.experiments);
const treatments: readonly NamespaceVariantSpec[] = definitions.flatMap((d) => d.variants ?? []);
const lines: readonly HistoryLine[] = spaces.flatMap((one) => one.history);
const added: AdditionLine = { add: 'first', segments: 10, experiment: 'words' };
const taken: RemovalLine = { remove: 'first' };
assertAppended(snapshot, { experiments: [] });
// @ts-expect-error: a specification is a list or an object
assertAppended('experiments.config.json', snapshot);
// @ts-expect-error: the result has the default's type, string
const spaceNumber: number = space.get('button_text', 'OK');
void [spaceText, spaceUnknown, params, place, told, treatments, lines, added, taken, spaceNumber];

// Sources.

const text: RawText = { text: '[]', origin: 'somewhere' };
const data: RawData = { data: [], origin: 'somewhere' };
const source: Source = {
  name: 'mine',
  load: async (): Promise<RawSpecification> => text,
  close: () => {},
};
const settings: SettingsSource = settingsSource('experiments.config.json');
const loaded: RawSpecification = settings.load();

// Live sources.

const files: SettingsFiles = { files: ['teams/*.json'] };
const watched: SettingsOptions = { watch: true, intervalMs: 5000 };
const http: HttpSourceOptions = {
  headers: async () => ({ authorization: 'Bearer x' }),
  push: '/changes',
};
const live: LiveOptions = {
  cacheFile: 'cache.json',
  bootstrap: [],
  startWithout: 'fallback',
  allowEmpty: true,
  startTimeoutMs: 500,
  staleAfterMs: 60_000,
};
evenhand({ source: settingsSource(files, watched), ...live });
createClient({ source: httpSource('https://example.com/experiments.json', http), ...live });
const store: Source = {
  name: 'store',
  intervalMs: 1000,
  async load({ signal, known }): Promise<Delivery> {
    signal.throwIfAborted();
    const revision: Revision = 7;
    return known === revision ? { unchanged: true } : { origin: 'store', data: [], revision };
  },
  async watch(changed, { signal }) {
    if (!signal.aborted) changed();
  },
};
const patience: ReadyOptions = { timeoutMs: 1000 };
const became: Promise<void> = middleware.ready(patience);
const reloaded: Promise<void>[] = [middleware.reload(), client.reload()];
const stop: () => void = middleware.on('changed', (event: ChangedEvent) => event.added.join());
const describe = ({ kind, name, action, before, after, author }: Change): string =>
  [kind, name, action, before ?? '', after ?? '', author ?? 'somebody'].join(' ');
middleware.on('changed', ({ changes }) => changes.map(describe));
const notes: readonly ChangeNote[] = [
  { author: 'the pipeline', reason: 'build 12' },
  { experiment: 'search', author: 'ada', at: '2027-01-31T12:00:00.000Z' },
];
createClient({
  source: { name: 'noted', load: () => ({ origin: 'noted', data: [], changes: notes }) },
  logger: { warn: console.warn, error: console.error, info: console.info },
});
// @ts-expect-error: a logger's info takes a text
createClient({ logger: { warn: console.warn, error: console.error, info: (n: number) => n } });
middleware.on('error', ({ code }) => code);
const status: ClientStatus = createClient({ source: store }).status();
const state: ClientState = status.state;
express().get('/health', middleware.health());
const report = (health: HealthReport): boolean => health.ready && health.problem === null;
// @ts-expect-error: unknown event
middleware.on('change', () => {});
// @ts-expect-error: only the event "changed" has a list of added names
middleware.on('stale', ({ added }) => added);
// @ts-expect-error: unknown value
evenhand({ startWithout: 'nothing' });
// @ts-expect-error: push is a URL
httpSource('https://example.com/', { push: true });
void [became, reloaded, stop, state, report];
evenhand({ source });
// @ts-expect-error: a source has a name
const nameless: Source = { load: () => data };

// The specification.

const variantSpec: VariantSpec = { name: 'bold', value: { colour: '#c00', sizes: [1, null] } };
const allocation: AllocationSpec = { variant: 'bold', percent: 100 };
const audience: AudienceSpec = { rule: 'user.plan == "pro"', allocations: [allocation] };

// Rules, hash and buckets.

const rule: Rule = compileRule('user.plan == "pro"');
const matches: boolean = rule({ user: { plan: 'pro' } });
const ruleText: string = rule.source;
const hash: bigint = rapidhash('text');
const identity: Identity = 42n;
const bucket: number = bucketOf(identity, 'seed');
// @ts-expect-error: null is not an identity
bucketOf(null, 'seed');
// @ts-expect-error: the seed is missing
bucketOf('ada');
// @ts-expect-error: the context is missing
rule();

// Errors.

function tell(error: unknown): string | readonly Problem[] {
  if (error instanceof SpecError) return [...error.problems, { path: error.origin, message: '' }];
  if (error instanceof RuleError) {
    const code: RuleErrorCode = error.code;
    const place: RuleRange = error.range;
    return `${code} ${error.rule.slice(place.start, place.end)} ${error.reason}`;
  }
  if (error instanceof HistoryError) {
    const changes: readonly NamespaceChange[] = error.changes;
    const changed: readonly HistoryChange[] = changes.flatMap((change) => change.lines);
    return changed.map(({ kind, line }) => `${kind} ${line}`).join();
  }
  if (error instanceof IdentityError) return `${error.experiment} ${error.identity}`;
  if (error instanceof SourceError || error instanceof ContextError) return String(error.cause);
  if (error instanceof OptionError || error instanceof NotMountedError) return error.message;
  if (error instanceof EvenhandError) {
    const code: ErrorCode = error.code;
    // @ts-expect-error: unknown code
    if (code === 'timeout') return '';
    // @ts-expect-error: a code is read-only
    error.code = 'spec';
    return code;
  }
  return '';
}
const words: readonly OnError[] = ['throw', 'fallback'];

// For views.

const helpers: HandlebarsHelpers = handlebarsHelpers();
const helper: HandlebarsHelper = helpers.variant;
const extension: NunjucksExtension = nunjucksExtension();
const json: string = scriptJson(variants);
// @ts-expect-error: unknown helper
void helpers.experiment;

// For PlanOut.

interface SharingParams {
  button_text: string;
  price: number;
}
const sharing = defineExperiment<SharingParams, { userid: number }>({
  name: 'sharing',
  assign(params, { userid }) {
    params.button_text = uniformChoice({ choices: ['OK', 'Share'], unit: userid });
    // @ts-expect-error: the price is a number
    params.price = uniformChoice({ choices: ['low', 'high'], unit: userid });
    // @ts-expect-error: unknown parameter
    params.button_color = 'red';
  },
});
const sharer = sharing.participant({ userid: 4 });
const buttonText: string = sharer.get('button_text', 'OK');
// @ts-expect-error: the input is named userid
sharing.participant({ user: 4 });
const buttons = new SimpleNamespace({
  name: 'buttons',
  unit: 'userid',
  segments: 100,
  setup(namespace) {
    namespace.addExperiment('first', sharing, 10);
  },
});

// For tests.

const fixed: FixedVariant = { variant: 'bold', value: '#c00' };
const pinned: Source = fixedExperiments(
  { button: fixed, search: 'off' },
  'experiments.config.json',
);
evenhand({ source: pinned });
const parameters: FixedParameters = { button_text: 'Buy', sizes: [1, null] };
evenhand({ source: fixedNamespaces({ checkout: parameters }, pinned) });
// @ts-expect-error: parameters are JSON
fixedNamespaces({ checkout: { now: new Date() } });
const request = { cookies: '', get: (name: string) => name, set: (_: string, to: string) => to };
const sameRequest: typeof request = overrideExperiment(request, { button: 'bold' });
overrideExperiment(request, { button: 'bold' }, { cookie: '__cw' });
// @ts-expect-error: a variant is a string
fixedExperiments({ button: true });
// @ts-expect-error: neither an agent nor a request
overrideExperiment({}, { button: 'bold' });

// The analysis.

const exposureRows: RecordSelect = { sql: 'SELECT unit, at, variant FROM shown', columns: [] };
const outcomeRows: RecordSelect = { sql: 'SELECT unit, at, name FROM bought', columns: [] };
const recordFiles: Engine = duckdbEngine({ records: ['logs/*.ndjson'], memoryLimit: '2GB' });
const warehouse = clientEngine({
  dialect: 'trino',
  query: async (sql, { signal, timeoutMs }) => [{ sql, aborted: signal?.aborted, timeoutMs }],
  sources: { exposures: exposureRows, outcomes: outcomeRows },
});
const pool = (client: PostgresClient): Engine => postgresEngine({ client, schema: 'events' });
const found: Promise<Result> = analyze({
  specification: inForce,
  experiment: 'headline',
  engine: recordFiles,
  metrics: ['purchases', { name: 'visits', outcome: 'visit', type: 'count', window: '7d' }],
  until: new Date(0),
  confidence: 0.9,
  onProgress: (step, share) => void [step === 'time-line', share.toFixed(2)],
});
const pageOptions: ResultPageOptions = { origin: 'Shop' };
const read = async (): Promise<string> => {
  const result = await found;
  const [metric] = result.metrics;
  const role: MetricRole | undefined = metric?.role;
  const type: MetricType | undefined = metric?.type;
  const verdicts = (one: MetricResult): Verdict[] => one.comparisons.map(({ verdict }) => verdict);
  // @ts-expect-error: a result is plain data that nobody changes
  result.status = 'ok';
  const texts = [resultJson(result, 2), resultMarkdown(result), resultPage(result, pageOptions)];
  return [role, type, ...(metric === undefined ? [] : verdicts(metric)), ...texts].join('');
};
const dialect: Dialect = 'bigquery';
const sources = { exposures: exposureRows, outcomes: outcomeRows };
const statement: string = analysisSql({ specification: [], experiment: 'a', dialect, sources });
const plan: ExperimentPlan = planExperiment({
  specification: inForce,
  experiment: 'headline',
  baseline: { rate: 0.04 },
  lift: 0.05,
  now: new Date(0),
});
const planned: string = planPage(plan, { origin: 'Shop' });
// The toolbar.

const share: ShareOptions = { secret: ['new', 'old'], maxAgeMs: 3_600_000, only: ['headline'] };
const corner: NonNullable<ToolbarOptions['position']> = 'top-left';
const bars: RequestHandler[] = [
  toolbar(middleware),
  toolbar(middleware, {
    allow: (req) => req.ip === '192.0.2.7',
    allowIps: ['192.0.2.0/24'],
    share,
    redact: (path, value) => (path === 'user.email' ? 'hidden' : value),
    nonce: (_req, res) => String(res.locals.nonce),
    position: corner,
    dashboard: '/experiments',
  }),
];
// The dashboard.

const team: DashboardOptions = {
  allow: async (req) => (req.ip === '192.0.2.7' ? 'write' : ['switch', 'ramp']),
  author: (req) => req.ip,
  onChange: ({ part, revision }, req) => void [part.name, revision, req.ip],
  redact: ['user.email'],
  basePath: (req) => req.get('x-prefix'),
  timeZone: 'Europe/Berlin',
};
const emptyStore: Workspace = {
  name: 'memory',
  history: 'process',
  read: async () => ({ text: '{}', revision: 1 }),
  write: async () => 2,
  changes: async () => [],
  at: async () => undefined,
};
const boards: RequestHandler[] = [
  dashboard(middleware),
  dashboard(middleware, { ...team, store: emptyStore }),
  dashboard(middleware, { ...team, store: fileStore('experiments.config.json') }),
];
// @ts-expect-error: not a right
dashboard(middleware, { allow: () => ['admin'] });
// @ts-expect-error: metrics are declared in the specification
dashboard(middleware, { metrics: [] });
// @ts-expect-error: the middleware is missing
dashboard();
// @ts-expect-error: a promise would let everyone in
toolbar(middleware, { allow: async () => true });
// @ts-expect-error: not a corner
toolbar(middleware, { position: 'bottom' });
// @ts-expect-error: the middleware is missing
toolbar();
// @ts-expect-error: the experiment is missing
void analyze({ specification: inForce, engine: recordFiles });
// @ts-expect-error: misspelt
void analyze({ specification: inForce, experiment: 'a', engine: recordFiles, confidenc: 0.9 });
// @ts-expect-error: unknown dialect
clientEngine({ dialect: 'mysql', query: async () => [] });
// @ts-expect-error: a statement is sent by your client
clientEngine({ dialect: 'spark' });
// @ts-expect-error: a moment is a Date, a number or a text
void analyze({ specification: inForce, experiment: 'a', engine: recordFiles, from: true });

void [
  ready,
  inForce,
  closed,
  value,
  known,
  job,
  clientReady,
  clientSnapshot,
  clientClosed,
  clauses,
];
void [ends, loaded, nameless, variantSpec, audience, matches, ruleText, hash, bucket, tell, words];
void [helper, extension, json, sameRequest, buttonText, buttons];
void [warehouse, pool, read, statement, planned, bars, boards];
