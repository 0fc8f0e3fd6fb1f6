import { show } from './table.mjs';

/**
 * Returns the results of a suite's targets. Leaves out targets whose contestants were not measured.
 *
 * @returns objects with `what`, `figure`, `wanted` and `met`
 */
export function judge({ targets }, figures) {
  return targets.flatMap(({ what, figure, atLeast, atMost }) => {
    const value = figure((contestant, column) => figures[contestant]?.[column]?.median ?? NaN);
    if (Number.isNaN(value)) return [];
    const met = atLeast === undefined ? value <= atMost : value >= atLeast;
    const wanted = atLeast === undefined ? `at most ${atMost}` : `at least ${atLeast}`;
    return [{ what, figure: value, wanted, met }];
  });
}

/** Renders one line for each target. */
export function showTargets(judged) {
  return judged.map(
    ({ what, figure, wanted, met }) =>
      `- ${what}: ${show(figure)} (${wanted}) ${met ? 'met' : 'NOT met'}`,
  );
}
