/**
 * A process that sends `GET /` to servers over open connections, one request at a time on each, and
 * reports the number of answers. It does as little work as possible, so that the servers are measured: it
 * writes ready-made bytes and recognises answers by their ends. The servers take turns, each for a slice
 * of time. Arguments: comma-separated ports, connections to each, milliseconds of a slice, number of
 * slices.
 */
import { connect } from 'node:net';

const [portList, ...numbers] = process.argv.slice(2);
const ports = portList.split(',').map(Number);
const [connections, sliceMs, slices] = numbers.map(Number);

const OK = 'HTTP/1.1 200 OK\r\n';
const END_OF_HEAD = '\r\n\r\n';
const LENGTH = /\r\ncontent-length: (\d+)\r\n/i;

/** The delay before counting in a server's turn, because late answers of the previous one still arrive. */
const SETTLING_MS = 100;

let turn;
let answered = 0;
/** The functions that resume idle connections, by server. */
const resting = ports.map(() => []);
/** The number of requests so far; each comes from another user. */
const asked = ports.map(() => 0);

function open(server) {
  const socket = connect({ port: ports[server], host: '127.0.0.1', noDelay: true });
  const ask = () => {
    const user = asked[server]++;
    socket.write(`GET / HTTP/1.1\r\nhost: 127.0.0.1\r\nx-user: ${user}\r\n\r\n`);
  };
  let received = '';
  socket.setEncoding('latin1');
  socket.on('connect', () => resting[server].push(ask));
  socket.on('data', (data) => {
    received += data;
    const head = received.indexOf(END_OF_HEAD);
    if (head === -1) return;
    if (!received.startsWith(OK)) throw new Error(received);
    const length = Number(LENGTH.exec(received)?.[1]);
    if (Number.isNaN(length)) throw new Error(`no length: ${received}`);
    if (received.length < head + END_OF_HEAD.length + length) return;
    received = '';
    answered++;
    if (turn === server) ask();
    else resting[server].push(ask);
  });
}

for (const server of ports.keys()) for (let i = 0; i < connections; i++) open(server);
await pause(SETTLING_MS);
for (let slice = 0; slice < slices; slice++) {
  turn = slice % ports.length;
  for (const ask of resting[turn].splice(0)) ask();
  await pause(SETTLING_MS);
  const before = answered;
  const start = performance.now();
  await pause(sliceMs);
  const figures = { slice, answered: answered - before, ms: performance.now() - start };
  await new Promise((sent) => process.send(figures, sent));
}
process.exit(0);

function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
