// One of several processes on one database: an Express application whose responses contain the revision
// that decided them. For agree.test.ts, which receives the port.
import express from 'express';
import { evenhand } from 'evenhand';
import { postgresSource } from 'evenhand/postgres';
import { Pool } from 'pg';

/** The longest duration of a request, in milliseconds, so that changes arrive meanwhile. */
const LONGEST_MS = 20;

const pool = new Pool({ connectionString: process.env.DATABASE_URL });
const experiments = evenhand({ source: postgresSource({ pool }) });
const app = express();
app.use(experiments);

/** Returns the state that a request sees at one moment. */
const seen = (req) => ({
  revision: req.experiments.revision,
  banner: req.isOn('banner'),
  old: req.isOn('old_banner'),
});

app.get('/', (req, res) => {
  const first = seen(req);
  setTimeout(() => {
    // The first decision comes only now, and still uses the snapshot from the start of the request.
    const { revision } = req.experiments.explain('late');
    res.json({ first, last: { ...seen(req), revision } });
  }, Math.random() * LONGEST_MS);
});

await experiments.ready();
const server = app.listen(0, () => process.send({ port: server.address().port }));
process.on('disconnect', () => process.exit());
