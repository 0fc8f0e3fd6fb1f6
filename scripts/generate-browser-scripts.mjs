// Writes the scripts of src/toolbar/browser/ and src/dashboard/browser/, each as one minified text in a
// `script.generated.ts`, so that a bundled application contains them. With --print=toolbar, prints that file
// instead.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const SCRIPTS = [
  { part: 'toolbar', folder: 'panel', name: 'TOOLBAR_SCRIPT' },
  { part: 'dashboard', folder: 'routes', name: 'DASHBOARD_SCRIPT' },
];

const path = (name) => fileURLToPath(new URL(`../src/${name}`, import.meta.url));

async function generated({ part, name }) {
  const bundle = await rolldown({ input: path(`${part}/browser/main.ts`), platform: 'browser' });
  const { output } = await bundle.generate({ format: 'iife', minify: true, comments: false });
  const [{ code }] = output;
  return `// Generated from src/${part}/browser/ by scripts/generate-browser-scripts.mjs; do not edit.

/** The script of the ${part}, for browsers. */
export const ${name} = ${JSON.stringify(code.trim())};
`;
}

const printed = process.argv.find((argument) => argument.startsWith('--print='));
for (const script of SCRIPTS) {
  if (printed === undefined) {
    writeFileSync(
      path(`${script.part}/${script.folder}/script.generated.ts`),
      await generated(script),
    );
  } else if (printed === `--print=${script.part}`) process.stdout.write(await generated(script));
}
