/**
 * Returns the environment of a child process whose output has no colours. `FORCE_COLOR` is left out,
 * because Node 24 warns if both variables are set.
 */
export function plainEnvironment(): NodeJS.ProcessEnv {
  const { FORCE_COLOR: _, ...env } = process.env;
  return { ...env, NO_COLOR: '1' };
}
