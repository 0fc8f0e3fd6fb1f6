import type { MetricColumns, VariableName } from './metric-columns.ts';

/** The pairs of a metric's variables. */
export function pairsOf({ variables }: MetricColumns): [VariableName, VariableName][] {
  const names = [...variables.keys()];
  return names.flatMap((a, i) => names.slice(i).map((b): [VariableName, VariableName] => [a, b]));
}

/** The variables of outcomes before the exposure, which no later outcome changes. */
export const CONSTANT: ReadonlySet<VariableName> = new Set(['x', 'w']);

/** A sum of the time line: its column and its SQL. */
export type SummedColumn = readonly [name: string, sql: string];

/** The columns of a metric's sums. */
export function sumColumns(metric: MetricColumns): readonly string[] {
  const { number, variables } = metric;
  return [
    `n_${number}`,
    ...[...variables.keys()].map((a) => `sum_${a}_${number}`),
    ...pairsOf(metric).map(([a, b]) => `sum_${a}${b}_${number}`),
  ];
}

/** The sums over the units that are new on a day. */
export function sumsOfEntries(metric: MetricColumns): readonly SummedColumn[] {
  const { number, variables } = metric;
  const centred = (a: VariableName): string => `(${a}_${number} - centre_${a}_${number})`;
  const names = [...variables.keys()];
  return [
    [`n_${number}`, `count(${names[0] ?? 'y'}_${number})`],
    ...names.map((a): SummedColumn => [`sum_${a}_${number}`, `sum(${centred(a)})`]),
    ...pairsOf(metric).map(([a, b]): SummedColumn => [
      `sum_${a}${b}_${number}`,
      `sum(${centred(a)} * ${centred(b)})`,
    ]),
  ];
}

/** The sums of the changes on a day. */
export function sumsOfChanges(metric: MetricColumns): readonly SummedColumn[] {
  const { number, variables } = metric;
  const centred = (a: string): string => `(${a}_${number} - centre_${a.at(-1) ?? ''}_${number})`;
  const change = (a: VariableName): string =>
    CONSTANT.has(a) ? '0' : `sum(${a}_${number} - before_${a}_${number})`;
  const product = (a: VariableName, b: VariableName): string => {
    if (CONSTANT.has(a)) return '0';
    if (CONSTANT.has(b)) return `sum((${a}_${number} - before_${a}_${number}) * ${centred(b)})`;
    return `sum(${centred(a)} * ${centred(b)} - ${centred(`before_${a}`)} * ${centred(`before_${b}`)})`;
  };
  return [
    [`n_${number}`, '0'],
    ...[...variables.keys()].map((a): SummedColumn => [`sum_${a}_${number}`, change(a)]),
    ...pairsOf(metric).map(([a, b]): SummedColumn => [`sum_${a}${b}_${number}`, product(a, b)]),
  ];
}
