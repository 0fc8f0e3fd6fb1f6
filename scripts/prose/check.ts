// Rejects wording that this project avoids in comments, messages and docs; part of `npm run lint`.
// A pattern can recognise only some of it: CONTRIBUTING.md says how to write.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { proseProblems } from './prose-problems.ts';

/** Files whose text people read. Recorded data, generated code and licences are not ours to word. */
const CHECKED = /\.(?:ts|mjs|js|md|json|ya?ml|sql|ejs|hbs|njk|pug|html)$|^\.ci\/run$/;
const SKIPPED =
  /^(?:test\/vectors|test\/fixtures|tools\/fuzz\/corpus)\/|package-lock\.json$|\.generated\.ts$|^scripts\/prose\/|^test\/house\/prose\.test\.ts$/;

const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  encoding: 'utf8',
});
const problems = listed
  .split('\n')
  .filter((path) => CHECKED.test(path) && !SKIPPED.test(path) && existsSync(path))
  .flatMap((path) => proseProblems(path, readFileSync(path, 'utf8')));
for (const problem of problems) console.error(problem);
if (problems.length > 0) {
  console.error(`${problems.length} places to write in plain English`);
  process.exitCode = 1;
}
