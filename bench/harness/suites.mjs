/** All suites, in the order of their runs. */
export const SUITES = [
  'decision',
  'hash',
  'rules',
  'express',
  'growth',
  'loading',
  'start',
  'memory',
  'planout',
  'exposures',
  'analysis',
];

/** Returns the suites whose names contain the filter. */
export async function findSuites(filter = '') {
  const names = SUITES.filter((name) => name.includes(filter));
  if (names.length === 0) throw new Error(`unknown suite ${filter}; known: ${SUITES.join(', ')}`);
  const modules = await Promise.all(names.map((name) => import(`../suites/${name}.mjs`)));
  return modules.map(({ suite }) => suite);
}
