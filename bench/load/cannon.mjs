/**
 * A process that sends requests to a shop on the message `{ port, seconds, connections }`. Each request
 * comes from the next user. Most users return and send their cookie.
 */
import autocannon from 'autocannon';

const USERS = 20_000;

/** One in this many users is new and gets a cookie. */
const NEW = 10;

let user = 0;

process.on('message', async ({ port, seconds, connections }) => {
  const result = await autocannon({
    url: `http://127.0.0.1:${port}/`,
    connections,
    duration: seconds,
    requests: [
      {
        method: 'GET',
        path: '/',
        setupRequest: (request) => ({ ...request, headers: headersOf(user++ % USERS) }),
      },
    ],
  });
  const { requests, latency, errors, timeouts, non2xx } = result;
  process.send({
    perSecond: requests.average,
    total: requests.total,
    p99: latency.p99,
    p999: latency.p99_9,
    max: latency.max,
    failed: errors + timeouts + non2xx,
  });
});
function headersOf(id) {
  const headers = { 'x-user': String(id), accept: 'text/html' };
  return id % NEW === 0 ? headers : { ...headers, cookie: `theme=dark; __cwtk=visitor-${id}` };
}

process.on('disconnect', () => process.exit());
