/**
 * Applications of real packages around Evenhand, each asked by a new visitor. Prints what they sent, as
 * JSON. Runs in a folder where the packages are installed; `frameworks.slow.test.ts` starts it.
 */
import http from 'node:http';
import compression from 'compression';
import { evenhand } from 'evenhand';
import express from 'express';
import session from 'express-session';
import helmet from 'helmet';
import next from 'next';
import mocks from 'node-mocks-http';
import onHeaders from 'on-headers';
import { Server } from 'socket.io';
import { io } from 'socket.io-client';

const half = (variant) => ({ variant, percent: 50 });
const variants = [{ name: 'a' }, { name: 'b' }];
const audiences = [{ allocations: [half('a'), half('b')] }];
const source = [{ name: 'visitors', identity: 'anonymous', variants, audiences }];
const experiments = evenhand({ source, logger: false });

const everybody = 'public, max-age=600';
const own = { Vary: 'rsc', 'Set-Cookie': 'lang=de', 'Cache-Control': everybody };

/** The usual packages, which set or complete headers when they are sent. */
const usual = [
  helmet(),
  compression({ threshold: 0 }),
  session({ secret: 'a secret', resave: false, saveUninitialized: true }),
];

const listening = (_req, res, next) => {
  onHeaders(res, () => res.set(own));
  next();
};

const decide = (req, _res, next) => {
  req.headers['x-variant'] = req.variant('visitors');
  next();
};

const send = (req, res) => {
  res.set(own);
  res.type('text').send(req.headers['x-variant']);
};

const sendPlainly = (req, res) => {
  res.type('text').send(req.headers['x-variant']);
};

const site = next({ dev: false, dir: '.' });
await site.prepare();
const handle = site.getRequestHandler();

const behindExpress = express().use(experiments, decide, (req, res) => handle(req, res));
const withoutExpress = (req, res) => {
  experiments(req, res, () => decide(req, res, () => handle(req, res)));
};

/** Each application, and the path that is asked. */
const applications = {
  'packages before Evenhand': [express().use(...usual, experiments, decide, send)],
  'packages after Evenhand': [express().use(experiments, ...usual, decide, send)],
  'packages after a decision': [express().use(experiments, decide, ...usual, send)],
  'on-headers before Evenhand': [express().use(listening, experiments, decide, sendPlainly)],
  'on-headers after a decision': [express().use(experiments, decide, listening, sendPlainly)],
  'Next, a page': [behindExpress, '/'],
  'Next, a route': [behindExpress, '/data'],
  'Next, an API route': [behindExpress, '/api/hello'],
  'Next without Express, a page': [withoutExpress, '/'],
  'Next without Express, a route': [withoutExpress, '/data'],
};

const sent = {};
for (const [name, [application, path = '/']] of Object.entries(applications)) {
  const server = http.createServer(application);
  await listen(server);
  sent[name] = await ask(server, path);
  server.closeAllConnections();
  server.close();
}
const answers = { sent, mock: await askMock(), sockets: await askSocket() };
await site.close();
await experiments.close();
process.stdout.write(`${JSON.stringify(answers)}\n`, () => process.exit());

function listen(server) {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
}

/** Returns the headers of a response, and the variant in it. */
function ask(server, path) {
  const headers = { 'accept-encoding': 'gzip' };
  const options = { host: '127.0.0.1', port: server.address().port, path, headers };
  return new Promise((resolve, reject) => {
    const asked = http.get(options, (response) => {
      response.resume().once('end', () => {
        const { statusCode: status, headers: given } = response;
        const cookies = (given['set-cookie'] ?? []).map((line) => line.split('=')[0]);
        const vary = (given.vary ?? '').split(',').map((name) => name.trim());
        resolve({ status, vary, control: given['cache-control'], cookies });
      });
    });
    asked.once('error', reject);
  });
}

/** Returns two answers to a mock, and the headers that it got. */
async function askMock() {
  const req = mocks.createRequest();
  const res = mocks.createResponse();
  await new Promise((resolve) => {
    experiments(req, res, resolve);
  });
  const answered = [req.variant('visitors'), req.variant('visitors')];
  return { answered, cookies: Object.keys(res.cookies), vary: res.getHeader('Vary') };
}

/** Returns two answers in the handshake and two in the connection of socket.io. */
async function askSocket() {
  const server = http.createServer();
  const sockets = new Server(server);
  const answered = [];
  const twice = (req) => answered.push(req.variant('visitors'), req.variant('visitors'));
  sockets.engine.use(experiments);
  sockets.engine.use((req, _res, next) => {
    twice(req);
    next();
  });
  sockets.use((socket, next) => experiments(socket.request, {}, next));
  await listen(server);
  const client = io(`http://127.0.0.1:${server.address().port}`, { transports: ['websocket'] });
  await new Promise((resolve, reject) => {
    client.once('connect_error', reject);
    sockets.once('connection', (socket) => {
      twice(socket.request);
      resolve();
    });
  });
  client.close();
  await sockets.close();
  return answered;
}
