import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeDeclarations } from '../../../src/workbench/types/declarations.ts';
import { atOnce } from '../../../src/runtime/steps.ts';
import { specificationSteps } from '../../../src/specification/specification.ts';
import { blocksOf } from '../../docs/readme-blocks.ts';
import { compile } from './compile.ts';

const blocks = ['cli.md', 'cli-reference.md'].flatMap((name) =>
  blocksOf(readFileSync(join(__dirname, '../../../docs', name), 'utf8')),
);
const textOf = (name: string) => blocks.find(({ file }) => file === name)?.text ?? '';

describe('docs/cli-reference.md on types', () => {
  it('shows code that compiles, with the announced errors', () => {
    const specification: unknown = JSON.parse(textOf('experiments.config.json'));
    const { experiments } = atOnce(specificationSteps(specification, { origin: 'docs' }));
    const files = { 'experiments.d.ts': writeDeclarations(experiments, 'docs') };
    expect(textOf('src/page.ts')).toContain('@ts-expect-error');
    expect(compile('module', { ...files, 'page.ts': textOf('src/page.ts') })).toEqual([]);
  });
});
