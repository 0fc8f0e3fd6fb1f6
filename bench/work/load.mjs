import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

const CLIENT = fileURLToPath(new URL('load-client.mjs', import.meta.url));

const CONNECTIONS = 50;
/** The length of a slice: short, so that the machine's slow seconds affect all applications alike. */
const SLICE_MS = 500;
const WARM_UP_SLICES = 3;
const SLICES = 10;

/**
 * Serves applications on loopback to a client in another process, which requests them in turn, as fast as
 * they answer.
 *
 * @returns requests per second of each application
 */
export async function load(apps) {
  const servers = await Promise.all(apps.map(serve));
  const ports = servers.map((server) => server.address().port).join(',');
  const slices = (WARM_UP_SLICES + SLICES) * apps.length;
  const client = fork(
    CLIENT,
    [ports, CONNECTIONS, SLICE_MS, slices].map((argument) => String(argument)),
    { execArgv: [] },
  );
  const sums = apps.map(() => ({ answered: 0, ms: 0 }));
  client.on('message', (figures) => {
    if (figures.slice < WARM_UP_SLICES * apps.length) return;
    const sum = sums[figures.slice % apps.length];
    sum.answered += figures.answered;
    sum.ms += figures.ms;
  });
  const [code] = await once(client, 'exit');
  for (const server of servers) server.close();
  if (code !== 0) throw new Error('the client failed');
  return sums.map(({ answered, ms }) => (answered * 1000) / ms);
}

async function serve(app) {
  const server = createServer(app).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
