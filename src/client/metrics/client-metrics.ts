import type { DecisionCounts } from '../../assignment/policy.ts';
import { escapeInvisible, showName } from '../../errors/show-value.ts';
import type { Metric, MetricSample } from '../../exposures/metrics/metric.ts';
import { VERSION } from '../../runtime/version.ts';
import type { DecisionErrors } from '../decision-errors.ts';
import type { ClientState, ClientStatus } from '../status.ts';
import type { LoadCounts } from './load-counts.ts';

/** The facts about a client that its metrics are made from. */
export interface MeasuredClient {
  readonly status: ClientStatus;
  readonly loads: Readonly<LoadCounts>;
  readonly decisions: Readonly<DecisionCounts>;
  readonly errors: Pick<DecisionErrors, 'total' | 'counts'>;
}

/** All states, each with its sample. */
const STATES: Readonly<Record<ClientState, true>> = {
  starting: true,
  failed: true,
  ready: true,
  stale: true,
  degraded: true,
};

const MS_PER_SECOND = 1000;

/**
 * Returns the metrics of a client. The metrics and their order never change. Labels contain names of
 * the specification and the source, and never a value from a request.
 */
export function clientMetrics(client: MeasuredClient): Metric[] {
  return [
    ...stateMetrics(client.status),
    ...sourceMetrics(client.status, client.loads),
    ...errorMetrics(client.errors),
    ...decisionMetrics(client.decisions),
    scheduleMetric(client.loads),
  ];
}

function stateMetrics(status: ClientStatus): Metric[] {
  const { state, revision, provider, inForceSince, experiments, namespaces } = status;
  return [
    {
      name: 'evenhand.build.info',
      description: '1, with the versions of Evenhand and Node as labels.',
      type: 'gauge',
      unit: '1',
      samples: [{ labels: { version: VERSION, node: process.versions.node }, value: 1 }],
    },
    {
      name: 'evenhand.state',
      description: '1 for the state of the client, 0 for the other states.',
      type: 'gauge',
      unit: '1',
      samples: Object.keys(STATES).map((one) => sample(Number(one === state), { state: one })),
    },
    {
      name: 'evenhand.revision',
      description: '1, with the revision in force and its provider as labels.',
      type: 'gauge',
      unit: '1',
      samples:
        provider === undefined
          ? []
          : [sample(1, { revision: printable(String(revision ?? '')), provider })],
    },
    {
      name: 'evenhand.revision.timestamp',
      description: 'Time at which the revision came into force, in seconds since 1970.',
      type: 'gauge',
      unit: 's',
      samples: inForceSince === undefined ? [] : [sample(Date.parse(inForceSince) / MS_PER_SECOND)],
    },
    {
      name: 'evenhand.experiments',
      description: 'Experiments and switches in force.',
      type: 'gauge',
      unit: '{experiment}',
      samples: [sample(experiments)],
    },
    {
      name: 'evenhand.namespaces',
      description: 'Namespaces in force.',
      type: 'gauge',
      unit: '{namespace}',
      samples: [sample(namespaces)],
    },
  ];
}

function sourceMetrics(
  { source, ageMs, problem, watching }: ClientStatus,
  { good, changed, failed }: Readonly<LoadCounts>,
): Metric[] {
  const failures = [...failed.values()].reduce((sum, count) => sum + count, 0);
  return [
    {
      name: 'evenhand.source.age',
      description: 'Time since the source confirmed the experiments; absent if it loads once.',
      type: 'gauge',
      unit: 's',
      samples: ageMs === undefined ? [] : [sample(ageMs / MS_PER_SECOND, { source })],
    },
    {
      name: 'evenhand.source.watching',
      description: '1 while the source watches for changes; 0 if it is polled or loads once.',
      type: 'gauge',
      unit: '1',
      samples: [sample(Number(watching), { source })],
    },
    {
      name: 'evenhand.source.problem',
      description: '1 while the source fails or its specification is refused, otherwise 0.',
      type: 'gauge',
      unit: '1',
      samples: [sample(Number(problem !== undefined), { source })],
    },
    {
      name: 'evenhand.source.failures',
      description: 'Failed loads by error code; "source": no answer, others: a refused answer.',
      type: 'counter',
      unit: '{load}',
      samples: [...failed].map(([code, count]) => sample(count, { source, code })),
    },
    {
      name: 'evenhand.reloads',
      description: 'Loads of the source, with the first one, by result.',
      type: 'counter',
      unit: '{load}',
      samples: [
        sample(changed, { source, result: 'changed' }),
        sample(good - changed, { source, result: 'unchanged' }),
        sample(failures, { source, result: 'failed' }),
      ],
    },
  ];
}

function errorMetrics(errors: MeasuredClient['errors']): Metric[] {
  return [
    {
      // Without labels, so that it is 0 before the first error: Prometheus sees no increase of a series
      // that appears with its first value.
      name: 'evenhand.decision.errors',
      description: 'Failed decisions: a rule or an identity could not be evaluated.',
      type: 'counter',
      unit: '{decision}',
      samples: [sample(errors.total)],
    },
    {
      name: 'evenhand.experiment.errors',
      description: 'Failed decisions by experiment or namespace and error code.',
      type: 'counter',
      unit: '{decision}',
      samples: errors.counts().map(({ experiment, namespace, code = 'other', count }) =>
        sample(count, {
          ...(experiment !== undefined && { experiment: printable(experiment) }),
          ...(namespace !== undefined && { namespace: printable(namespace) }),
          code,
        }),
      ),
    },
  ];
}

function decisionMetrics(counts: Readonly<DecisionCounts>): Metric[] {
  return [
    {
      name: 'evenhand.decision.overrides',
      description: 'Decisions that an override made.',
      type: 'counter',
      unit: '{decision}',
      samples: [sample(counts.overrides)],
    },
    {
      name: 'evenhand.decision.no_consent',
      description: 'Decisions without a variant: the visitor has not consented to the cookie.',
      type: 'counter',
      unit: '{decision}',
      samples: [sample(counts.withoutConsent)],
    },
    {
      name: 'evenhand.decision.unknown_names',
      description: 'Questions about names that the specification does not have, by kind.',
      type: 'counter',
      unit: '{question}',
      samples: [
        sample(counts.unknownExperiments, { kind: 'experiment' }),
        sample(counts.unknownNamespaces, { kind: 'namespace' }),
        sample(counts.unknownVariants, { kind: 'variant' }),
      ],
    },
    {
      name: 'evenhand.decision.sticky',
      description: 'Decisions by which a participant keeps an earlier variant.',
      type: 'counter',
      unit: '{decision}',
      samples: [sample(counts.sticky)],
    },
    {
      name: 'evenhand.sticky.problems',
      description: 'Refused sticky cookies, and failed calls of the option "sticky", by kind.',
      type: 'counter',
      unit: '{problem}',
      samples: [
        sample(counts.refusedStickyCookies, { kind: 'cookie' }),
        sample(counts.stickyFailures, { kind: 'store' }),
      ],
    },
    {
      name: 'evenhand.decision.held_out',
      description: 'Decisions that gave the control because of a holdout.',
      type: 'counter',
      unit: '{decision}',
      samples: [sample(counts.heldOut)],
    },
  ];
}

function scheduleMetric({ switches }: Readonly<LoadCounts>): Metric {
  return {
    name: 'evenhand.schedule.switches',
    description: 'Changes of the audiences in force by a schedule.',
    type: 'counter',
    unit: '{switch}',
    samples: [sample(switches)],
  };
}

/** Returns a text for a label: a revision may be any text, and the name of a namespace nearly any. */
function printable(text: string): string {
  return escapeInvisible(showName(text));
}

function sample(value: number, labels: MetricSample['labels'] = {}): MetricSample {
  return { labels, value };
}
