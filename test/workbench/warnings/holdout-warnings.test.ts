import { parseConfig } from '../../../src/cli/files/config-file.ts';
import { findWarnings } from '../../../src/cli/files/find-warnings.ts';
import { audience, experiment } from '../../assignment/build.ts';

const search = experiment({
  name: 'search',
  identity: 'user.id',
  variants: ['fast', 'control'].map((name) => ({ name })),
  audiences: [audience({ fast: 50, control: 50 })],
});

const winter = { name: 'winter', identity: 'user.id', percent: 5, experiments: ['search'] };

/** Returns the warnings about holdouts, each with its code, line and message. */
function warningsOf(
  holdout: object,
  experiments: readonly unknown[] = [search, 'chat:on'],
): string[] {
  const text = JSON.stringify({ experiments, holdouts: [{ ...winter, ...holdout }] }, null, 1);
  const config = parseConfig({ origin: 'test', path: undefined, text });
  return findWarnings(config, { today: '2027-01-15' })
    .filter(({ path }) => path.startsWith('/holdouts'))
    .map(({ code, path, message }) => `${code} ${path}: ${message}`);
}

describe('the warnings about a holdout', () => {
  it('are none for a holdout that fits its experiments', () => {
    expect(warningsOf({})).toEqual([]);
    expect(warningsOf({ experiments: ['search', 'chat'], expires: '2027-01-15' })).toEqual([]);
  });

  it('say that its last day is over', () => {
    expect(warningsOf({ expires: '2027-01-14', owner: 'ada' })).toEqual([
      'expired /holdouts/0/expires: "winter" was planned to run until 2027-01-14 (owner: ada); remove it from this file, or set a later date',
    ]);
  });

  it('say that it has the seed and the identity of an experiment', () => {
    expect(warningsOf({ seed: 'search' })).toEqual([
      'same-seed /holdouts/0/experiments/0: "winter" and "search" have the same seed and the same identity, so the holdout takes the first buckets of the experiment and changes its split; give "winter" its own seed',
    ]);
  });

  it('say that an experiment has another identity, if its identity matters', () => {
    expect(warningsOf({ identity: 'tenant.id', experiments: ['search', 'chat'] })).toEqual([
      'holdout-identity /holdouts/0/experiments/0: "winter" holds out by tenant.id, but "search" assigns by user.id, so one user.id may be held out only in part; use one identity for both',
    ]);
    const launched = { ...search, audiences: [audience({ fast: 100 })] };
    expect(warningsOf({ identity: 'tenant.id' }, [launched])).toEqual([]);
    expect(warningsOf({}, [{ ...search, identity: 'random' }])).toEqual([]);
  });

  it('say that it is never recorded', () => {
    expect(warningsOf({ experiments: ['chat'] })).toEqual([
      'holdout-unrecorded /holdouts/0/experiments: no experiment of "winter" records exposures, so the holdout is never recorded either; add "exposure": "auto" to chat',
    ]);
  });
});
