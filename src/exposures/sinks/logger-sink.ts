import { checkOptions, type OptionChecks } from '../../options/check-options.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import { quote } from '../../errors/show-value.ts';
import type { EventRecord } from '../records/record.ts';
import type { Sink } from '../delivery/sink.ts';

/** A method of a logger such as pino, which takes an object and a message. */
export type LogMethod = (fields: object, message: string) => void;

/** Options of {@link loggerSink}. */
export interface LoggerSinkOptions<Level extends string = string> {
  /**
   * The name of the logger's method.
   *
   * @default 'info'
   */
  level?: Level;
  /**
   * The property of the log line that holds the record. With `false`, the properties of the record
   * are properties of the line. Pino adds its own `time`, and often a `name`; the line would then
   * have these keys twice, which many readers reject.
   *
   * @default 'record'
   */
  key?: string | false;
}

const optionChecks: OptionChecks = new Map([
  ['level', { expected: 'a method name', accepts: (value) => typeof value === 'string' }],
  [
    'key',
    {
      expected: 'a name or false',
      accepts: (value) => typeof value === 'string' || value === false,
    },
  ],
]);

/**
 * Returns a sink that writes each record with a logger such as pino:
 * `logger.info({ record }, 'exposure')`.
 * The message is the record's `event`. A record counts as written when the method has
 * returned.
 *
 * @param logger pino, bunyan, or any object with a method that takes an object and a message
 * @throws OptionError (`option`) for invalid options, or if the logger does not have the method
 */
export function loggerSink<Level extends string = 'info'>(
  logger: Readonly<Record<Level, LogMethod>>,
  options: LoggerSinkOptions<Level> = {},
): Sink {
  options = checkOptions('loggerSink()', options, optionChecks);
  const level: string = options.level ?? 'info';
  const { key = 'record' } = options;
  const methods: Readonly<Record<string, unknown>> = logger;
  if (typeof methods?.[level] !== 'function') {
    throw new OptionError(
      `loggerSink(): the logger has no method ${quote(level)}; pass a logger such as pino, and set "level" to the name of one of its methods`,
    );
  }
  const write = (record: EventRecord): void => {
    // Read for each record, because pino replaces its methods when its level changes.
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
