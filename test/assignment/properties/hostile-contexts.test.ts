import { parseExperiments } from '../../../src/assignment/parse-experiments.ts';

const snapshot = parseExperiments(['beta:off']);

describe('snapshot.participant', () => {
  it.each([{ override: { beta: 'on' } }, { overrides: 'beta:on' }])(
    'refuses the options %p, which can’t be meant',
    (options) => {
      expect(() => snapshot.participant({}, options as object)).toThrow(
        expect.objectContaining({ code: 'option' }),
      );
    },
  );

  it('does not show its context in JSON', () => {
    const participant = snapshot.participant({ user: { email: 'ada@example.com' } });
    expect(JSON.stringify({ participant })).toBe('{"participant":{}}');
  });
});
