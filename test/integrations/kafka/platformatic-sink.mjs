// Writes with kafkaSink() of the built package and a producer of @platformatic/kafka, which needs a newer
// Node than the tests. For platformatic.ts. Argument: JSON with the topic and the producer's options.
import { compatibilityPartitioner, Producer, stringSerializers } from '@platformatic/kafka';
import { kafkaSink } from 'evenhand/kafka';

const { topic, hasSerializers, isCompatible, ...options } = JSON.parse(process.argv[2]);
const producer = new Producer({
  clientId: 'tests',
  ...(hasSerializers && { serializers: stringSerializers }),
  ...(isCompatible && { partitioner: compatibilityPartitioner }),
  ...options,
});
const sink = kafkaSink({ producer, topic });

/** The running writes by their numbers. */
const running = new Map();

async function write({ id, batch, isAborted }) {
  const controller = new AbortController();
  running.set(id, controller);
  if (isAborted) controller.abort();
  const { signal } = controller;
  try {
    await sink.write(batch, { signal });
    process.send({ id });
  } catch (error) {
    const { name, message, permanent } = error;
    process.send({ id, failure: { name, message, permanent, isAbort: error === signal.reason } });
  } finally {
    running.delete(id);
  }
}

process.on('message', (message) => {
  if (message.abort !== undefined) running.get(message.abort)?.abort();
  else if (message.close) void producer.close(true).finally(() => process.disconnect());
  else void write(message);
});
process.on('disconnect', () => process.exit());
process.send({ isReady: true });
