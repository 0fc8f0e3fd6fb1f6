import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runInThisContext } from 'node:vm';
import { transformSync } from '@swc/core';
import { Pool } from 'pg';
import * as evenhand from '../../../../src/index.ts';
import * as postgresEntry from '../../../../src/integrations/postgres/index.ts';
import { blocksOf } from '../../../docs/readme-blocks.ts';
import { describeWithPostgres } from '../../../servers/postgres.ts';
import { usePostgres } from '../databases.ts';

const IMPORT = /^import (.+) from '([^']+)';$/gm;

const doc = readFileSync(join(__dirname, '../../../../docs/planout.md'), 'utf8');
const blocks = blocksOf(doc).filter(({ part }) => part === 'postgres');

describeWithPostgres('docs/planout.md, "Namespaces in PostgreSQL"', (bin) => {
  const postgres = usePostgres(bin);

  it('shows the output of the program', async () => {
    const [program, output] = blocks;
    const { url } = postgres.database();
    const modules = {
      evenhand,
      'evenhand/postgres': postgresEntry,
      // The program ends the pool itself.
      pg: { Pool: Pool.bind(null, { connectionString: url }) },
    };
    let printed = '';
    const log = (...values: readonly unknown[]): void => {
      const texts = values.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)));
      printed += `${texts.join(' ')}\n`;
    };
    const { code } = transformSync(program?.text ?? '', {
      jsc: { parser: { syntax: 'ecmascript' }, target: 'es2022' },
      isModule: true,
    });
    const body = code.replace(IMPORT, "const $1 = modules['$2'];");
    const run = runInThisContext(`(async function (modules, console) {${body}\n})`) as (
      ...args: readonly unknown[]
    ) => Promise<void>;
    await run(modules, { log, error: log });
    expect(printed).toBe(output?.text);
  });

  it('lists every problem', () => {
    const source = readFileSync(
      join(__dirname, '../../../../src/integrations/postgres/namespaces/namespace-error.ts'),
      'utf8',
    );
    const [, union = ''] = /export type NamespaceProblem =([^;]+);/.exec(source) ?? [];
    const section = doc.slice(doc.indexOf('## Namespaces in PostgreSQL'));
    const problems = [...union.matchAll(/'([^']+)'/g)].map(([, problem = '']) => problem);
    expect(problems).toHaveLength(8);
    for (const problem of problems) expect(section).toContain(`\`${problem}\``);
  });
});
