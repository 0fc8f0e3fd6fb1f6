// @ts-check
import { fileSink } from 'evenhand';
import { createApp } from './app.js';

const port = process.env.PORT ?? '3000';

// The file for exposure records, if any: EXPOSURES=exposures.ndjson npm start
const path = process.env.EXPOSURES;
const options = path ? { exposures: { sink: fileSink({ path }), service: 'shop' } } : {};

const server = createApp(options).listen(Number(port), (error) => {
  if (error) {
    console.error(`The shop can't listen on port ${port}: ${error.message}`);
    process.exitCode = 1;
    return;
  }
  const address = server.address();
  const actualPort = typeof address === 'object' && address ? address.port : port;
  console.log(`The shop is open: http://localhost:${actualPort}`);
  console.log(
    'The black button at the bottom right of each page shows the variants that the page used.',
  );
});
