/** The end of a title whose tests need a program: `(needs Redis: sudo apt-get install redis-server)`. */
const NEED = /\(needs (.+?): (.+?)\)/;

/** A Jest reporter that names, at the end, what was skipped for want of a program and how to get it. */
export default class SkippedReporter {
  onRunComplete(_contexts, { testResults }) {
    const skipped = testResults
      .flatMap((file) => file.testResults)
      .filter(({ status }) => status === 'pending');
    const lines = new Map();
    for (const { ancestorTitles, title } of skipped) {
      const [, program, install] = NEED.exec([...ancestorTitles, title].join(' ')) ?? [];
      const why =
        program === undefined
          ? 'other tests'
          : `tests that need ${program}; install it: ${install}`;
      lines.set(why, (lines.get(why) ?? 0) + 1);
    }
    for (const [why, count] of lines) process.stderr.write(`Skipped ${count} ${why}\n`);
  }
}
