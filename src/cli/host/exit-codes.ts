/** What the process says about how it ended, for scripts and CI. */

/** Nothing is wrong. */
export const GOOD = 0;

/** The command did its work and found something: problems, warnings under `--strict`, harmful moves. */
export const FOUND = 1;

/** The command could not do its work: a wrong option, a file that can't be read. */
export const FAILED = 2;

/** Ctrl-C ended it; what was printed is partial. 128 and the number of the signal, as shells say it. */
export const INTERRUPTED = 130;

/** The exit codes there are. */
export type ExitCode = typeof GOOD | typeof FOUND | typeof FAILED | typeof INTERRUPTED;
