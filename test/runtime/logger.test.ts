import { onceLogger, safeLogger } from '../../src/runtime/logger.ts';

/** A logger like pino, whose methods need their object. */
class Recorder {
  readonly lines: string[] = [];

  warn(message: string): void {
    this.lines.push(`warn ${message}`);
  }

  error(message: string): void {
    this.lines.push(`error ${message}`);
  }
}

describe('safeLogger', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('passes each message to the method of its level', () => {
    const recorder = new Recorder();
    const logger = safeLogger(recorder);
    logger.warn('one');
    logger.error('two');
    expect(recorder.lines).toEqual(['warn one', 'error two']);
  });

  it('writes to the console by default', () => {
    const warn = jest.spyOn(console, 'warn').mockReturnValue();
    const error = jest.spyOn(console, 'error').mockReturnValue();
    const logger = safeLogger();
    logger.warn('one');
    logger.error('two');
    expect(warn.mock.calls).toEqual([['one']]);
    expect(error.mock.calls).toEqual([['two']]);
  });

  it('is silent for false', () => {
    const warn = jest.spyOn(console, 'warn').mockReturnValue();
    const error = jest.spyOn(console, 'error').mockReturnValue();
    const logger = safeLogger(false);
    logger.warn('one');
    logger.error('two');
    expect(warn).not.toHaveBeenCalled();
    expect(error).not.toHaveBeenCalled();
  });

  it('does not throw if the user’s logger throws', () => {
    const broken = (): never => {
      throw new Error('disk full');
    };
    const logger = safeLogger({ warn: broken, error: broken });
    expect(() => {
      logger.warn('one');
      logger.error('two');
    }).not.toThrow();
  });

  it('follows a logger whose methods are replaced later', () => {
    const recorder = new Recorder();
    const logger = safeLogger(recorder);
    const later: string[] = [];
    recorder.warn = (message) => void later.push(message);
    logger.warn('one');
    expect(later).toEqual(['one']);
  });
});

describe('onceLogger', () => {
  it('logs the first message of each key', () => {
    const recorder = new Recorder();
    const once = onceLogger(recorder);
    once.warn('a', 'one');
    once.warn('a', 'two');
    once.error('b', 'three');
    once.error('b', 'three');
    expect(recorder.lines).toEqual(['warn one', 'error three']);
  });

  it('remembers a thousand keys and logs no further ones', () => {
    const recorder = new Recorder();
    const once = onceLogger(recorder);
    for (let i = 0; i < 3000; i++) once.warn(`key ${i}`, `message ${i}`);
    expect(recorder.lines).toHaveLength(1000);
    once.warn('key 0', 'again');
    expect(recorder.lines).toHaveLength(1000);
  });

  it('does not share its keys with other loggers', () => {
    const recorder = new Recorder();
    onceLogger(recorder).warn('a', 'one');
    onceLogger(recorder).warn('a', 'two');
    expect(recorder.lines).toEqual(['warn one', 'warn two']);
  });
});
