// `npm start` must serve the example: starts it, asks for its page, stops it.
import { spawn } from 'node:child_process';

const PORT = '39117';
const DEADLINE_MS = 60_000;

const server = spawn('npm', ['start'], {
  env: { ...process.env, PORT },
  stdio: ['ignore', 'pipe', 'inherit'],
  detached: true,
});
let log = '';
server.stdout.on('data', (chunk) => (log += chunk));

const deadline = Date.now() + DEADLINE_MS;
let served = false;
while (!served && server.exitCode === null && Date.now() < deadline) {
  try {
    served = (await fetch(`http://127.0.0.1:${PORT}/`)).ok;
  } catch {
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
// npm, its shell and the server: the whole group.
if (server.exitCode === null && server.pid) process.kill(-server.pid, 'SIGTERM');
console.log(served ? 'npm start serves the example' : log);
process.exitCode = served ? 0 : 1;
