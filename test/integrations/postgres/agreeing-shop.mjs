// One of several processes that decide by one database: an Express application whose answers tell which
// revision they were decided by. For agree.test.ts, which has it told the port.
import express from 'express';
import { evenhand } from 'evenhand';
import { postgresSource } from 'evenhand/postgres';
import { Pool } from 'pg';

/** A request goes on for up to so long, in milliseconds, so that changes come while it does. */
const LONGEST_MS = 20;

const pool = new Pool({ connectionString: process.env.DATABASE_URL });
const experiments = evenhand({ source: postgresSource({ pool }) });
const app = express();
app.use(experiments);

/** What a request sees at one moment. */
const seen = (req) => ({
  revision: req.experiments.revision,
  banner: req.isOn('banner'),
  old: req.isOn('old_banner'),
});

app.get('/', (req, res) => {
  const first = seen(req);
  setTimeout(() => {
    // Asked for the first time now, and still by what was in force when the request came.
    const { revision } = req.experiments.explain('late');
    res.json({ first, last: { ...seen(req), revision } });
  }, Math.random() * LONGEST_MS);
});

await experiments.ready();
const server = app.listen(0, () => process.send({ port: server.address().port }));
process.on('disconnect', () => process.exit());
