import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { audience, experiment } from '../assignment/build.ts';
import { blocksOf } from '../docs/readme-blocks.ts';
import { runConsole } from './console-blocks.ts';
import { makeProject, type Project, removeProjects } from './project.ts';
import { ROOT } from './run-cli.ts';

const doc = readFileSync(join(ROOT, 'docs/ci.md'), 'utf8');

const FILE = 'experiments.config.json';

/** The shell scripts of the steps that run Evenhand, by step name. */
const scripts = new Map(
  [...doc.matchAll(/- name: (.*)\n([\s\S]*?)(?=\n {6}- |\n```)/g)].map(
    ([, name = '', step = '']) => {
      const [, script = ''] = /run: (?:\|\n)?([\s\S]*)$/.exec(step) ?? [];
      return [name, script.replaceAll(/^ +/gm, '').trim()];
    },
  ),
);

const git = (cwd: string, ...args: readonly string[]): string =>
  execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@example.org', ...args], {
    cwd,
    encoding: 'utf8',
  });

/** Creates a repository with one file on the branch `main` and another in the working tree. */
function repository(before: unknown, after: unknown): Project {
  const project = makeProject({ [FILE]: JSON.stringify(before) });
  git(project.path, 'init', '--quiet', '--initial-branch', 'main');
  git(project.path, 'add', FILE);
  git(project.path, 'commit', '--quiet', '--message', 'before');
  git(project.path, 'update-ref', 'refs/remotes/origin/main', 'main');
  project.write(FILE, JSON.stringify(after));
  return project;
}

/** Runs a step like the runner and appends the exit code. */
function runStep(project: Project, name: string, allow = ''): string {
  const env = `GITHUB_BASE_REF=main GITHUB_STEP_SUMMARY=summary.md ALLOW='${allow}'`;
  project.write('step.sh', `set -e\n${scripts.get(name) ?? 'exit 99'}\n`);
  const [result] = runConsole([`${env} sh -e step.sh; echo "ended with $?"`], project.path);
  return result?.output ?? '';
}

afterAll(removeProjects);

describe('docs/ci.md', () => {
  const specs = (percents: Readonly<Record<string, number>>, seed = 'one') => [
    experiment({ name: 'color', seed: 'one', audiences: [audience(percents)] }),
    experiment({ name: 'size', seed, audiences: [audience({ big: 50, small: 50 })] }),
  ];
  const half = { red: 50, blue: 50 };

  it('has one workflow, and these tests run all its steps', () => {
    expect(blocksOf(doc)).toMatchObject([{ language: 'yaml' }]);
    expect(doc.match(/^```\w/gm)).toHaveLength(1);
    expect(doc.match(/npx evenhand/g)).toHaveLength(scripts.size);
    expect([...scripts.keys()]).toEqual([
      'Is the file right?',
      'Do experiments depend on each other?',
      'Who moves?',
    ]);
  });

  it('passes a change that moves no one between shown variants', () => {
    const project = repository(specs(half, 'two'), [...specs(half, 'two'), 'banner:on']);
    for (const name of scripts.keys()) expect(runStep(project, name)).toMatch(/ended with 0\n$/);
    expect(project.read('summary.md')).toContain('added: banner');
  });

  it('stops a change that moves people between shown variants, unless --allow is set', () => {
    const project = repository(specs(half, 'two'), specs({ red: 60, blue: 40 }, 'two'));
    expect(runStep(project, 'Who moves?')).toBe('ended with 1\n');
    expect(project.read('summary.md')).toContain('🔴 **10%**');
    expect(runStep(project, 'Who moves?', '--allow')).toBe('ended with 0\n');
  });

  it('stops dependent experiments and invalid files', () => {
    const dependent = repository(specs(half), specs(half));
    expect(runStep(dependent, 'Do experiments depend on each other?')).toMatch(
      /DEPENDENT color × size[\s\S]*ended with 1\n$/,
    );
    const wrong = repository(specs(half), specs({ red: 60, blue: 50 }));
    expect(runStep(wrong, 'Is the file right?')).toMatch(/sum to 110[\s\S]*ended with 1\n$/);
  });
});
