import type { Request } from 'express';
import type { WrittenChange } from '../../src/dashboard/frame/visit.ts';
import { redactor } from '../../src/dashboard/redactor.ts';
import { tell } from '../../src/dashboard/told.ts';
import { onceLogger } from '../../src/runtime/logger.ts';
import { Lines } from '../express/harness.ts';

const req = {} as Request;

const change: WrittenChange = {
  part: { kind: 'experiment', name: 'checkout_steps' },
  before: '{}',
  after: '{"a":1}',
  documentBefore: '{}',
  documentAfter: '{}',
  author: 'ada',
  reason: 'too few orders\nevenhand: forged line',
  revision: 419,
};

function logs() {
  const infos: string[] = [];
  const lines = new Lines();
  const logger = {
    info: (message: string) => void infos.push(message),
    warn: (message: string) => lines.warn(message),
    error: (message: string) => lines.error(message),
  };
  return { infos, lines, log: { logger, once: onceLogger(logger) } };
}

describe('a change', () => {
  it('is a single line in the log, whatever the reason is', () => {
    const { infos, log } = logs();
    tell(change, req, undefined, log);
    expect(infos).toEqual([
      'evenhand: dashboard change revision=419 experiment="checkout_steps" author="ada" ' +
        'reason="too few orders\\nevenhand: forged line"',
    ]);
  });

  it('is passed to the application', () => {
    const { log } = logs();
    const onChange = jest.fn();
    tell(change, req, onChange, log);
    expect(onChange).toHaveBeenCalledWith(change, req);
  });

  it.each<[string, () => void]>([
    [
      'throws',
      () => {
        throw new Error('no webhook');
      },
    ],
    ['rejects', async () => Promise.reject(new Error('no webhook'))],
  ])('stays written if the application %s', async (_what, onChange) => {
    const { lines, log } = logs();
    tell(change, req, onChange, log);
    tell(change, req, onChange, log);
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    expect(lines.errors).toEqual([expect.stringContaining('the change was written: no webhook')]);
  });
});

describe('a context value', () => {
  const once = () => onceLogger(new Lines());

  it('is hidden with the paths below it', () => {
    const shown = redactor(['user.email', 'card'], once());
    expect(
      ['user.email', 'card', 'card.number', 'user.emails', 'user'].map((path) => shown(path, 1)),
    ).toEqual(['hidden', 'hidden', 'hidden', 1, 1]);
  });

  it('is replaced by a function of the application', () => {
    const shown = redactor((path, value) => (path === 'a' ? '…' : value), once());
    expect([shown('a', 1), shown('b', 1)]).toEqual(['…', 1]);
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('unknown path');
      },
    ],
    ['returns a promise', async () => Promise.reject(new Error('unknown path'))],
  ])('is hidden if that function %s', (_what, redact) => {
    const lines = new Lines();
    const shown = redactor(redact, onceLogger(lines));
    expect(shown('a', 1)).toBe('hidden');
    expect(lines.errors).toEqual([expect.stringContaining('"redact" failed')]);
  });
});
