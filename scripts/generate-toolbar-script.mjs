// Writes src/toolbar/panel/script.generated.ts: the script of src/toolbar/browser/ as one minified text, so
// that a bundled application contains it. With --print, prints the file instead.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const path = (name) => fileURLToPath(new URL(`../src/toolbar/${name}`, import.meta.url));

const bundle = await rolldown({ input: path('browser/main.ts'), platform: 'browser' });
const { output } = await bundle.generate({ format: 'iife', minify: true, comments: false });
const [{ code }] = output;
const text = `// Generated from src/toolbar/browser/ by scripts/generate-toolbar-script.mjs; do not edit.

/** The script of the toolbar, for browsers. */
export const TOOLBAR_SCRIPT = ${JSON.stringify(code.trim())};
`;

if (process.argv.includes('--print')) process.stdout.write(text);
else writeFileSync(path('panel/script.generated.ts'), text);
