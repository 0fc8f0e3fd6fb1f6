/**
 * Decides every experiment of the documentation and the examples for a user, and for a visitor who is
 * not logged in: a reader copies them, and most requests come from visitors.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseExperiments } from '../../src/assignment/parse-experiments.ts';
import { version } from '../../src/rules/typed-text/version.ts';

const ROOT = join(__dirname, '../..');

const VISITOR = { id: null, is_authenticated: false, is_anonymous: true };

const USER = {
  id: 1,
  plan: 'pro',
  is_staff: false,
  is_authenticated: true,
  is_anonymous: false,
};

/** Users of samples whose context provider gives everyone an id. */
const OWN_USERS: Readonly<Record<string, object>> = {
  'docs/exposures.md': { id: 'nobody', plan: 'pro' },
  'examples/postgres/experiments.json': { id: 'nobody' },
};

/** The values that the documentation's context providers add for everyone. */
const CONTEXT = {
  anonymous: 'key',
  locale: 'en-US',
  country: 'SE',
  hour: 12,
  path: '/',
  tenant: { id: 't-1' },
  device: { id: 'd-1' },
  app: version('1.11'),
};

/** The files with samples. */
function files(): string[] {
  const docs = readdirSync(join(ROOT, 'docs'))
    // The pages of the command line have files, and no application that could have visitors.
    .filter((name) => name.endsWith('.md') && !name.startsWith('cli'))
    .map((name) => join(ROOT, 'docs', name));
  const examples = readdirSync(join(ROOT, 'examples'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.json') && !name.includes('node_modules'))
    .map((name) => join(ROOT, 'examples', name));
  return [join(ROOT, 'README.md'), ...docs, ...examples];
}

/** Returns the JSON texts of a file: the whole file, or the blocks of a document. */
function jsonIn(path: string): string[] {
  const text = readFileSync(path, 'utf8');
  if (path.endsWith('.json')) return [text];
  // Files named `bad…` show mistakes, which other tests read.
  return [...text.matchAll(/^ *```json(?! file=bad)[^\n]*\n(.*?)^ *```/gms)].map(
    ([, block = '']) => block,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

interface Entry {
  readonly name: string;
  readonly audiences: readonly object[];
}

/** Returns the experiments of a specification; none of anything else. */
function experimentsIn(data: unknown): Entry[] {
  const list: unknown = Array.isArray(data)
    ? data
    : (data as { experiments?: unknown })?.experiments;
  if (!Array.isArray(list)) return [];
  return list.filter((entry): entry is Entry => typeof entry === 'object' && 'audiences' in entry);
}

const samples = files().flatMap((path) =>
  jsonIn(path).flatMap((text) => {
    const data = parsed(text);
    const where = relative(ROOT, path);
    return experimentsIn(data).map((entry) => ({ where, name: entry.name, data }));
  }),
);

describe('the experiments of the documentation', () => {
  it('are found', () => {
    expect(samples.length).toBeGreaterThanOrEqual(10);
  });

  it.each(samples)(
    '$where: $name is decided for users and for visitors',
    ({ where, name, data }) => {
      const snapshot = parseExperiments(data);
      for (const user of [USER, OWN_USERS[where] ?? VISITOR]) {
        const participant = snapshot.participant({ ...CONTEXT, user });
        expect(participant.variant(name)).toEqual(expect.any(String));
      }
    },
  );
});
