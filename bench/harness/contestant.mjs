/**
 * The process of one contestant in one round. It measures one task of one suite and sends the figures, by
 * column, to the process that started it.
 */
const [suiteName, task, contestant] = process.argv.slice(2);

const { suite } = await import(`../suites/${suiteName}.mjs`);
const figures = await suite.tasks[task](contestant);
// Exits, because some contestants leave timers running. A contestant may have no figures for a task.
process.send(figures ?? {}, () => process.exit(0));
