// @ts-check
// One of several processes that share a database: experiments come from it, exposures go to it.
import express from 'express';
import { evenhand } from 'evenhand';
import { postgresSink, postgresSource } from 'evenhand/postgres';
import { Pool } from 'pg';

const pool = new Pool({ connectionString: process.env['DATABASE_URL'] });
// A connection that breaks while nobody uses it: the pool makes another.
pool.on('error', (error) => console.error(`database: ${error.message}`));

const experiments = evenhand({
  source: postgresSource({ pool }),
  // A database that is down at the start does not keep the shop closed.
  startWithout: 'fallback',
  exposures: { sink: postgresSink({ pool }), service: 'shop' },
  // The address says who the user is; in your application `req.user` does.
  contextProvider: (req) => ({ user: { id: req.query['user'] ?? 'nobody' } }),
  vary: false, // No header says who it is.
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
