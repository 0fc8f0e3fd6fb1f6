/**
 * The process of one contestant in one round: measures one task of one suite, and tells the process
 * that started it the figures, by column.
 */
const [suiteName, task, contestant] = process.argv.slice(2);

const { suite } = await import(`../suites/${suiteName}.mjs`);
const figures = await suite.tasks[task](contestant);
// Some contestants leave timers behind; and a task may not be for everybody.
process.send(figures ?? {}, () => process.exit(0));
