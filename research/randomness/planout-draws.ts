import { Assignment } from '../../src/planout/assignment.ts';
import { bernoulliFilter } from '../../src/planout/random/bernoulli-filter.ts';
import { bernoulliTrial } from '../../src/planout/random/bernoulli-trial.ts';
import { fastSample } from '../../src/planout/random/fast-sample.ts';
import { randomFloat } from '../../src/planout/random/random-float.ts';
import { randomInteger } from '../../src/planout/random/random-integer.ts';
import { sample } from '../../src/planout/random/sample.ts';
import { uniformChoice } from '../../src/planout/random/uniform-choice.ts';
import { weightedChoice } from '../../src/planout/random/weighted-choice.ts';
import { SimpleNamespace } from '../../src/planout/namespaces/simple-namespace.ts';
import type { Dealing } from './deal.ts';

/** An operator whose draws fall into classes. */
export interface Operator {
  readonly name: string;
  /** The arguments of the operator, for people. */
  readonly asked: string;
  /** The expected share of each class. */
  readonly shares: readonly number[];
  /** Returns, for a salt, a function from the unit to the class of its draw. */
  readonly dealing: Dealing;
}

/** The number of classes of a continuous draw. */
const CLASSES = 100;

/** The number of segments of the measured namespace. */
const SEGMENTS = 1000;

const LETTERS = ['a', 'b', 'c', 'd', 'e'] as const;
const THREE = ['a', 'b', 'c'] as const;
const FOUR = ['a', 'b', 'c', 'd'] as const;
const ORDERS = ['abc', 'acb', 'bac', 'bca', 'cab', 'cba'];
const PAIRS = ['ab', 'ac', 'ad', 'ba', 'bc', 'bd', 'ca', 'cb', 'cd', 'da', 'db', 'dc'];
const WEIGHTS = [1, 2, 0.5, 6.5];

const evenly = (count: number): number[] => Array.from({ length: count }, () => 1 / count);

/** Draws with an operator that is assigned to a parameter of an experiment with this salt. */
const drawing =
  (operatorFor: (unit: string) => unknown, classOf: (drawn: never) => number): Dealing =>
  (salt) =>
  (unit) => {
    const assignment = new Assignment(salt);
    assignment.set('x', operatorFor(unit));
    return classOf(assignment.get('x') as never);
  };

/** Returns the segment of a unit; the namespace's name is the salt. */
const segmentDealing: Dealing = (name) => {
  const namespace = new SimpleNamespace({ name, unit: 'userid', segments: SEGMENTS });
  return (userid) => namespace.participant({ userid }).segment;
};

/** PlanOut's operators, and the segments of its namespaces. */
export const OPERATORS: readonly Operator[] = [
  {
    name: 'uniformChoice',
    asked: '5 choices',
    shares: evenly(LETTERS.length),
    dealing: drawing(
      (unit) => uniformChoice({ choices: LETTERS, unit }),
      (drawn) => LETTERS.indexOf(drawn),
    ),
  },
  {
    name: 'weightedChoice',
    asked: 'weights 1, 2, 0.5, 6.5',
    shares: WEIGHTS.map((weight) => weight / 10),
    dealing: drawing(
      (unit) => weightedChoice({ choices: [0, 1, 2, 3], weights: WEIGHTS, unit }),
      (drawn) => drawn,
    ),
  },
  {
    name: 'randomInteger',
    asked: '0 to 99',
    shares: evenly(CLASSES),
    dealing: drawing(
      (unit) => randomInteger({ min: 0, max: CLASSES - 1, unit }),
      (drawn) => drawn,
    ),
  },
  {
    name: 'randomFloat',
    asked: '0 to 100, in 100 parts',
    shares: evenly(CLASSES),
    dealing: drawing(
      (unit) => randomFloat({ min: 0, max: CLASSES, unit }),
      (drawn: number) => Math.min(CLASSES - 1, Math.floor(drawn)),
    ),
  },
  {
    name: 'bernoulliTrial',
    asked: 'p = 0.5',
    shares: evenly(2),
    dealing: drawing(
      (unit) => bernoulliTrial({ p: 0.5, unit }),
      (drawn) => drawn,
    ),
  },
  {
    name: 'bernoulliTrial',
    asked: 'p = 0.1',
    shares: [0.9, 0.1],
    dealing: drawing(
      (unit) => bernoulliTrial({ p: 0.1, unit }),
      (drawn) => drawn,
    ),
  },
  {
    name: 'bernoulliFilter',
    asked: '2 choices, p = 0.3',
    shares: [0.49, 0.21, 0.21, 0.09],
    dealing: drawing(
      (unit) => bernoulliFilter({ choices: ['a', 'b'], p: 0.3, unit }),
      (drawn: string[]) => ['', 'a', 'b', 'ab'].indexOf(drawn.join('')),
    ),
  },
  {
    name: 'sample',
    asked: 'the orders of 3 choices',
    shares: evenly(ORDERS.length),
    dealing: drawing(
      (unit) => sample({ choices: THREE, unit }),
      (drawn: string[]) => ORDERS.indexOf(drawn.join('')),
    ),
  },
  {
    name: 'fastSample',
    // For all choices it draws the same as sample.
    asked: '2 of 4 choices, in order',
    shares: evenly(PAIRS.length),
    dealing: drawing(
      (unit) => fastSample({ choices: FOUR, draws: 2, unit }),
      (drawn: string[]) => PAIRS.indexOf(drawn.join('')),
    ),
  },
  {
    name: 'segment',
    asked: `namespaces of ${SEGMENTS.toLocaleString('en')} segments`,
    shares: evenly(SEGMENTS),
    dealing: segmentDealing,
  },
];
