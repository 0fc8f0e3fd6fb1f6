import { parseConfig } from '../../../src/cli/files/config-file.ts';
import { pickEntries } from '../../../src/cli/postgres/pick-entries.ts';
import { readPut } from '../../../src/integrations/postgres/store/read-put.ts';
import { audience, experiment } from '../../assignment/build.ts';
import { testHost } from '../test-host.ts';

const plain = experiment({ name: 'plain' });
const asking = experiment({
  name: 'asking',
  audiences: [audience({ a: 100 }, 'experiments.plain == "a"'), audience({ b: 100 })],
});
const using = experiment({
  name: 'using',
  audiences: [audience({ a: 100 }, 'segments.paying'), audience({ b: 100 })],
});
const data = {
  segments: [{ name: 'paying', rule: 'user.id == 1' }],
  experiments: [plain, asking, using],
};

describe('an experiment to be stored in PostgreSQL', () => {
  const config = parseConfig({ origin: 'file', path: undefined, text: JSON.stringify(data) });
  const host = testHost({ cwd: '.', stdin: '', now: () => new Date() });

  it('must not use segments', () => {
    const message =
      'file: experiment "using" uses the segment "paying", and the database has no place for segments';
    expect(() => pickEntries(host, config, [])).toThrow(message);
    expect(() => pickEntries(host, config, ['using'])).toThrow(message);
    expect(() => readPut(data)).toThrow('the database has no place for segments');
  });

  it('must not be in a holdout', () => {
    const holdouts = [{ name: 'winter', identity: 'user.id', percent: 5, experiments: ['plain'] }];
    const held = { experiments: [plain, asking], holdouts };
    const file = parseConfig({ origin: 'file', path: undefined, text: JSON.stringify(held) });
    const message =
      'file: experiment "plain" is in the holdout "winter", and the database has no place for holdouts';
    expect(() => pickEntries(host, file, [])).toThrow(message);
    expect(() => pickEntries(host, file, ['plain'])).toThrow(message);
    expect(pickEntries(host, file, ['asking'])).toEqual([asking]);
    expect(() => readPut(held)).toThrow('the database has no place for holdouts');
  });

  it('leaves its analysis in the file, with a warning', () => {
    const metrics = [{ name: 'orders', type: 'count', outcome: 'purchase' }];
    const analysed = { ...plain, analysis: { primary: ['orders'] } };
    const all = { experiments: [analysed, 'chat:on'], metrics };
    const file = parseConfig({ origin: 'file', path: undefined, text: JSON.stringify(all) });
    const warned = testHost({ cwd: '.', stdin: '', now: () => new Date() });
    expect(pickEntries(warned, file, [])).toEqual({ experiments: [plain, 'chat:on'] });
    expect(pickEntries(warned, file, ['plain'])).toEqual([plain]);
    expect(pickEntries(warned, file, ['chat'])).toEqual(['chat:on']);
    const line =
      'warning put does not store the metrics and analyses of file; keep them in the file, and pass it to "evenhand analyze"\n';
    expect(warned.err()).toBe(line + line);
    expect(() => readPut(all)).toThrow(
      'the database has no place for metrics; keep them in a file',
    );
  });

  it('can ask for other experiments', () => {
    expect(pickEntries(host, config, ['plain', 'asking'])).toEqual([plain, asking]);
    expect(readPut([plain, asking]).experiments.map(({ name }) => name)).toEqual([
      'plain',
      'asking',
    ]);
    expect(readPut(asking).experiments).toHaveLength(1);
  });
});
