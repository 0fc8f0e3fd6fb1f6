import { checkOptions, type OptionChecks } from '../../options/check-options.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import { quote } from '../../errors/show-value.ts';
import type { EventRecord } from '../records/record.ts';
import type { Sink } from '../delivery/sink.ts';

/** A method of a logger such as pino: an object and a message. */
export type LogMethod = (fields: object, message: string) => void;

/** Options of {@link loggerSink}. */
export interface LoggerSinkOptions<Level extends string = string> {
  /**
   * The logger's method.
   *
   * @default 'info'
   */
  level?: Level;
  /**
   * The name under which the record stands in the log's line; false to have the record's properties
   * in the line itself. Pino has a `time` of its own, and most a `name`: side by side with the
   * record's they would be twice in one object, which many readers refuse.
   *
   * @default 'record'
   */
  key?: string | false;
}

const optionChecks: OptionChecks = new Map([
  ['level', { expected: 'the name of a method', accepts: (value) => typeof value === 'string' }],
  [
    'key',
    {
      expected: 'a name or false',
      accepts: (value) => typeof value === 'string' || value === false,
    },
  ],
]);

/**
 * A sink that writes each record with a logger such as pino: `logger.info({ record }, 'exposure')`,
 * the message being the record's `event`. Records are safe when the method has returned; what the
 * logger does then is its own affair.
 *
 * @param logger pino, bunyan, or any object with a method that takes an object and a message
 * @throws OptionError (`option`) for options that can't be meant, or where the logger has no such method
 */
export function loggerSink<Level extends string = 'info'>(
  logger: Readonly<Record<Level, LogMethod>>,
  options: LoggerSinkOptions<Level> = {},
): Sink {
  checkOptions('loggerSink()', options, optionChecks);
  const level: string = options.level ?? 'info';
  const { key = 'record' } = options;
  const methods: Readonly<Record<string, unknown>> = logger;
  if (typeof methods?.[level] !== 'function') {
    throw new OptionError(
      `loggerSink(): the logger has no method ${quote(level)}; give a logger such as pino, and the name of a method as "level"`,
    );
  }
  const write = (record: EventRecord): void => {
    // Read each time: pino replaces its methods when its level is changed.
    const method = methods[level] as LogMethod;
    method.call(logger, key === false ? record : { [key]: record }, record.event);
  };
  return {
    name: 'logger',
    async write(batch, { signal }) {
      signal.throwIfAborted();
      for (const record of batch) write(record);
    },
  };
}
