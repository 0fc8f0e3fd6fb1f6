/** No problem was found. */
export const GOOD = 0;

/** The command ran and found something: problems, warnings under `--strict`, harmful moves. */
export const FOUND = 1;

/** The command could not run: an invalid option, an unreadable file. */
export const FAILED = 2;

/** Ctrl-C stopped the command; the output is partial. Shells use 128 plus the signal's number, 2. */
export const INTERRUPTED = 130;

/** The exit codes of the command line, for scripts and CI. */
export type ExitCode = typeof GOOD | typeof FOUND | typeof FAILED | typeof INTERRUPTED;
