// Code for the compiler: lines marked @ts-expect-error must fail, all others must compile. Nothing here is
// run. `test/workbench/types/typed-consumer.test.ts` compiles it with the output of `npx evenhand types`.
import express, { type RequestHandler } from 'express';
import {
  createClient,
  type ExperimentName,
  type ExperimentQuestions,
  type Experiments,
  parseExperiments,
  requireOff,
  requireOn,
  requireVariant,
  type SwitchName,
  type ValueOf,
  type VariantOf,
} from 'evenhand';
import { fixedExperiments, overrideExperiment } from 'evenhand/testing';

const handler: RequestHandler = (_req, res) => void res.end();
const app = express();

app.get('/', (req, res) => {
  const one: boolean = req.isVariant('experiment_1', 'treatment');
  const several: boolean = req.isVariant('experiment_1', ['treatment', 'control']);
  const constant: boolean = req.isVariant('experiment_1', ['treatment', 'control'] as const);
  const variant: 'treatment' | 'inactive' | 'control' | undefined = req.variant('experiment_1');
  const states: [boolean, boolean] = [req.isOn('free_shipping'), req.isOff('free_shipping')];
  const text: string | undefined = req.experiments.value('headline');
  const steps: number | undefined = req.experiments.value('experiment_1')?.steps;
  const fast: boolean | undefined = req.experiments.value('experiment_1')?.fast;
  const tags: readonly (string | number)[] | undefined =
    req.experiments.value('experiment_1')?.tags;
  const nothing: undefined = req.experiments.value('free_shipping');
  const shown: 'on' | 'off' | undefined = req.experiments.variants().free_shipping;
  const questions: ExperimentQuestions = req;
  const inViews: boolean = res.locals.isVariant('headline', 'bold');
  // explain() takes any string, such as one from a request.
  res.json(req.experiments.explain(req.get('Name') ?? ''));
  void [
    one,
    several,
    constant,
    variant,
    states,
    text,
    steps,
    fast,
    tags,
    nothing,
    shown,
    questions,
    inViews,
  ];

  const checkout = req.namespace('checkout');
  const button: string | undefined = checkout.get('button_text');
  const pixels: number | undefined = checkout.get('size')?.px;
  const loud: 'loud' | undefined = checkout.peek('variant');
  const total: number = checkout.get('total', 0);
  const params: { button_text?: string; total?: unknown } = checkout.getParams();
  checkout.setOverrides({ button_text: 'Pay' });
  void [button, pixels, loud, total, params];
  // @ts-expect-error: a namespace misspelt
  req.namespace('chekout');
  // @ts-expect-error: a parameter misspelt
  checkout.get('button_txt');
  // @ts-expect-error: a value of another type
  checkout.setOverrides({ button_text: 5 });

  // @ts-expect-error: a variant misspelt
  req.isVariant('experiment_1', 'treatmnt');
  // @ts-expect-error: one of several misspelt
  req.isVariant('experiment_1', ['treatment', 'contrl']);
  // @ts-expect-error: an experiment misspelt
  req.isVariant('experiment_2', 'treatment');
  // @ts-expect-error: a variant of another experiment
  req.isVariant('experiment_1', 'bold');
  // @ts-expect-error: unknown switch
  req.isOn('fre_shipping');
  // @ts-expect-error: an experiment that is not a switch
  req.isOn('experiment_1');
  // @ts-expect-error: unknown experiment
  req.variant('headlines');
  // @ts-expect-error: the comparison is never true
  if (req.variant('headline') === 'round') res.end();
  // @ts-expect-error: the value is a string, not a number
  const wrong: number | undefined = req.experiments.value('headline');
  // @ts-expect-error: no variant has this property
  void req.experiments.value('experiment_1')?.stps;
  const setting = req.experiments.value('experiment_1');
  // @ts-expect-error: values are frozen
  if (setting !== undefined) setting.steps = 2;
  // @ts-expect-error: the variant may be undefined
  const certain: string = req.variant('headline');
  // @ts-expect-error: unknown variant, in views too
  res.locals.isVariant('headline', 'round');
  // @ts-expect-error: not every string is a switch
  req.isOn(req.get('Name') ?? '');
  void [wrong, certain];
});

// Guards.

app.get('/a', requireVariant('headline', 'bold'), requireOn('free_shipping'), handler);
app.get('/b', requireVariant('headline', ['bold', 'plain'], { redirectTo: '/' }), handler);
// @ts-expect-error: unknown variant
requireVariant('headline', 'round');
// @ts-expect-error: unknown variant among several
requireVariant('headline', ['bold', 'round']);
// @ts-expect-error: unknown experiment
requireVariant('headlin', 'bold');
// @ts-expect-error: unknown switch
requireOff('headline');

// Without Express.

const participant = createClient().participant({ user: { id: 1 } });
const headline: 'plain' | 'bold' | undefined = participant.variant('headline');
const forced = parseExperiments([]).participant({}, { overrides: { headline: 'bold' } });
parseExperiments([]).participant({}, { overrides: new Map([['headline', 'bold']]) });
// @ts-expect-error: unknown variant
parseExperiments([]).participant({}, { overrides: { headline: 'round' } });
// @ts-expect-error: unknown experiment
parseExperiments([]).participant({}, { overrides: { headlin: 'bold' } });

// In tests.

fixedExperiments({ headline: 'bold', free_shipping: 'off' }, 'experiments.config.json');
fixedExperiments({ headline: { variant: 'bold', value: 'Hello' } });
// @ts-expect-error: unknown variant
fixedExperiments({ headline: 'round' });
// @ts-expect-error: unknown experiment
fixedExperiments({ headlin: 'bold' });
// @ts-expect-error: unknown variant, with a value
fixedExperiments({ headline: { variant: 'round', value: 'Hello' } });
const request = { cookies: '', get: (name: string) => name, set: (_: string, to: string) => to };
overrideExperiment(request, { headline: 'bold' });
// @ts-expect-error: unknown variant
overrideExperiment(request, { headline: 'round' });

// For the application's own functions.

function ask<Name extends ExperimentName>(name: Name, variant: VariantOf<Name>): boolean {
  return participant.isVariant(name, variant);
}
ask('headline', 'bold');
// @ts-expect-error: unknown variant
ask('headline', 'round');
const names: ExperimentName[] = ['experiment_1', 'headline', 'free_shipping', '2024_sale'];
const switches: SwitchName[] = ['free_shipping'];
// @ts-expect-error: not a switch
switches.push('headline');
const value: ValueOf<'headline'> = 'Hello';
const registered: keyof Experiments = 'headline';
void [headline, forced, names, value, registered];
