import { INSTANT } from '../instant.ts';

const NAME = '^[A-Za-z0-9_]+$';
const PATH = '^[A-Za-z0-9_]+(\\.[A-Za-z0-9_]+)*$';

/** The fewest units of a plan: one for each of two variants. */
export const MIN_PLANNED_UNITS = 2;

/** The fewest variants of a comparison: the control and a treatment. */
export const MIN_COMPARED = 2;

const metricNames = { type: 'array', items: { type: 'string', pattern: NAME } } as const;

/** The definitions of analyses in the JSON Schema. */
export const analysisDefs = {
  analysis: {
    title: 'Analysis',
    description:
      'The metrics that decide, and when. It has no effect on assignments; `evenhand analyze` uses it.',
    type: 'object',
    properties: {
      control: {
        title: 'Control',
        description:
          'The variant that the others are compared with. Default: "control", otherwise "off", otherwise ' +
          'the first variant; of a holdout, "held_out".',
        type: 'string',
        examples: ['control'],
      },
      variants: {
        title: 'Compared variants',
        description:
          'The variants that are compared, the control included. The others count in the test of the split ' +
          'only. Default: all variants but "inactive" and "off", unless one of these is the control.',
        type: 'array',
        items: { type: 'string' },
        minItems: MIN_COMPARED,
        examples: [['control', 'treatment']],
      },
      primary: {
        title: 'Primary metrics',
        description: 'The names of the metrics that decide: best one, named before the start.',
        ...metricNames,
        examples: [['conversion']],
      },
      secondary: {
        title: 'Secondary metrics',
        description: 'The names of further metrics of interest.',
        ...metricNames,
        examples: [['revenue']],
      },
      guardrails: {
        title: 'Guardrails',
        description: 'Metrics that must not get worse by more than a margin.',
        type: 'array',
        items: { $ref: '#/$defs/guardrail' },
        examples: [[{ metric: 'page_load', margin: 0.02 }]],
      },
      plannedUnits: {
        title: 'Planned units',
        description:
          'The number of units of all variants together after which the experiment is decided. ' +
          '`evenhand plan` computes it.',
        type: 'integer',
        minimum: MIN_PLANNED_UNITS,
        examples: [20_000],
      },
      until: {
        title: 'Until',
        description: 'The planned end: a date and time with a time zone (ISO 8601).',
        type: 'string',
        pattern: INSTANT,
        examples: ['2027-02-01T00:00:00Z'],
      },
      segments: {
        title: 'Segments',
        description:
          'Context paths by whose values results are broken down. Exposures must record them: see the ' +
          'option "context" of exposures.',
        type: 'array',
        items: { type: 'string', pattern: PATH },
        examples: [['user.plan']],
      },
    },
    additionalProperties: false,
  },
  guardrail: {
    title: 'Guardrail',
    description: 'A metric that must not get worse by more than its margin.',
    type: 'object',
    properties: {
      metric: {
        title: 'Metric',
        description: 'The name of the metric.',
        type: 'string',
        pattern: NAME,
      },
      margin: {
        title: 'Margin',
        description:
          "The largest harm that is accepted, as a share of the control's value: 0.01 is 1%. Default: 0.01.",
        type: 'number',
        exclusiveMinimum: 0,
        maximum: 1,
      },
    },
    required: ['metric'],
    additionalProperties: false,
  },
} as const;

/** The JSON Schema of the property `analysis`. */
export const analysisSchema = {
  title: 'Analysis',
  description: 'The metrics that decide, and when. It has no effect on assignments.',
  $ref: '#/$defs/analysis',
} as const;
