import type { EventRecord } from '../../../src/exposures/records/record.ts';
import { loggerSink } from '../../../src/exposures/sinks/logger-sink.ts';
import { describeSinkContract } from '../../contract/sink-contract.ts';
import { exposures, unaborted } from './records.ts';

describeSinkContract('loggerSink()', async () => {
  const received: EventRecord[] = [];
  const works = (fields: object): void => {
    received.push((fields as { record: EventRecord }).record);
  };
  const fails = (): void => {
    throw new Error('down');
  };
  const logger = { info: works };
  return {
    sink: loggerSink(logger),
    received: async () => received,
    breakDown: async () => {
      logger.info = fails;
    },
    repair: async () => {
      logger.info = works;
    },
    dispose: async () => {},
  };
});

describe('loggerSink', () => {
  const record = exposures(1)[0] as EventRecord;

  it('logs the record under its own key, so that pino can add its time', async () => {
    const logger = { info: jest.fn() };
    await loggerSink(logger).write([record], unaborted());
    expect(logger.info.mock.calls).toEqual([[{ record }, 'exposure']]);
  });

  it('logs with the configured level and key, and the event as the message', async () => {
    const logger = { info: jest.fn(), debug: jest.fn() };
    const outcome = {
      version: 1,
      id: '1',
      time: '',
      event: 'outcome',
      name: 'a',
      units: {},
    } as const;
    await loggerSink(logger, { level: 'debug', key: 'evenhand' }).write([outcome], unaborted());
    expect(logger.debug.mock.calls).toEqual([[{ evenhand: outcome }, 'outcome']]);
    expect(logger.info).not.toHaveBeenCalled();
  });

  it('logs the properties of the record itself with key: false', async () => {
    const logger = { info: jest.fn() };
    await loggerSink(logger, { key: false }).write([record], unaborted());
    expect(logger.info.mock.calls).toEqual([[record, 'exposure']]);
  });

  it('calls the current method of the logger', async () => {
    const lines: unknown[] = [];
    class Log {
      readonly lines = lines;
      info(fields: object): void {
        this.lines.push(fields);
      }
    }
    const logger: { info(fields: object): void } = new Log();
    const sink = loggerSink(logger);
    await sink.write([record], unaborted());
    logger.info = () => lines.push('replaced');
    await sink.write([record], unaborted());
    expect(lines).toEqual([{ record }, 'replaced']);
  });

  it('rejects a logger without the method, and unknown options', () => {
    expect(() => loggerSink({ info: () => {} }, { level: 'trace' } as never)).toThrow(
      'the logger has no method "trace"',
    );
    expect(() => loggerSink(undefined as never)).toThrow('the logger has no method "info"');
    expect(() => loggerSink({ info: () => {} }, { levels: 'info' } as never)).toThrow(
      'unknown option "levels"; did you mean "level"?',
    );
    expect(() => loggerSink({ info: () => {} }, { key: true } as never)).toThrow(
      'option "key" must be a name or false, not true',
    );
  });
});
