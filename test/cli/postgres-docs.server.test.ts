import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { blocksOf, commandsOf } from '../docs/readme-blocks.ts';
import { describeWithPostgres, Postgres } from '../servers/postgres.ts';
import { runConsole } from './console-blocks.ts';
import { makeProject, removeProjects } from './project.ts';
import { ROOT } from './run-cli.ts';

const partsOf = (name: string) => readFileSync(join(ROOT, 'docs', name), 'utf8').split(/^(?=## )/m);
const [introduction = ''] = partsOf('cli.md');
const section = partsOf('cli-reference.md').find((one) => one.startsWith('## postgres\n')) ?? '';

/** Replaces all times by one. */
function withoutTimes(text: string): string {
  return text
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, '2026-11-23 09:30:00')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '2026-11-23T09:30:00.000Z');
}

describeWithPostgres('docs/cli-reference.md on postgres', (bin) => {
  let server: Postgres;
  const before = process.env['DATABASE_URL'];

  beforeAll(async () => {
    server = new Postgres(bin);
    await server.start();
    process.env['DATABASE_URL'] = server.url();
  });

  afterAll(async () => {
    if (before === undefined) delete process.env['DATABASE_URL'];
    else process.env['DATABASE_URL'] = before;
    removeProjects();
    await server.stop();
  });

  it('shows the real output', () => {
    const files = [introduction, section]
      .flatMap(blocksOf)
      .flatMap(({ file, text }) => (file === undefined ? [] : [[file, text] as const]));
    const { path } = makeProject(Object.fromEntries(files));
    mkdirSync(join(path, 'node_modules'), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules/pg'), join(path, 'node_modules/pg'));
    const shown = blocksOf(section)
      .filter(({ language }) => language === 'console')
      .flatMap(commandsOf);
    expect(shown.length).toBeGreaterThan(5);
    const printed = runConsole(
      shown.map(({ command }) => command),
      path,
    );
    expect(
      printed.map(({ command, output }) => ({ command, output: withoutTimes(output) })),
    ).toEqual(shown);
  });
});
