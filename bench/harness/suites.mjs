/** All suites, in the order they are run. */
export const SUITES = [
  'decision',
  'hash',
  'rules',
  'express',
  'growth',
  'start',
  'memory',
  'planout',
  'exposures',
];

/** The suites whose name contains the filter. */
export async function findSuites(filter = '') {
  const names = SUITES.filter((name) => name.includes(filter));
  if (names.length === 0)
    throw new Error(`no suite is called ${filter}; there are ${SUITES.join(', ')}`);
  const modules = await Promise.all(names.map((name) => import(`../suites/${name}.mjs`)));
  return modules.map(({ suite }) => suite);
}
