// @ts-check
// One of several processes that share a database. It reads experiments and writes exposures there.
import express from 'express';
import { evenhand } from 'evenhand';
import { postgresSink, postgresSource } from 'evenhand/postgres';
import { Pool } from 'pg';

const pool = new Pool({ connectionString: process.env['DATABASE_URL'] });
// Logs connections that break while idle; without a listener they would end the process.
pool.on('error', (error) => console.error(`database: ${error.message}`));

const experiments = evenhand({
  source: postgresSource({ pool }),
  // The shop starts even when the database is down.
  startWithout: 'fallback',
  exposures: { sink: postgresSink({ pool }), service: 'shop' },
  // This demo reads the user id from the URL; in your application Evenhand reads `req.user`.
  contextProvider: (req) => ({ user: { id: req.query['user'] ?? 'nobody' } }),
  vary: false, // The user id is in the URL, so responses don't depend on a header.
});

const app = express();
app.get('/health', experiments.health());
app.use(experiments);

app.get('/', (req, res) => {
  const sale = req.isOn('sale') ? '<p>Everything must go!</p>' : '';
  res.send(`${sale}<button style="color: ${req.variant('buy_button') ?? 'gray'}">Buy</button>\n`);
});

app.post('/buy', (req, res) => {
  req.track('purchase', { value: 12.5 });
  res.send('Thank you.\n');
});

const server = app.listen(process.env['PORT'] ?? 3000, () => {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : address;
  console.log(`http://localhost:${port}`);
});

process.once('SIGTERM', async () => {
  server.close();
  server.closeAllConnections();
  await experiments.close();
  await pool.end();
});
