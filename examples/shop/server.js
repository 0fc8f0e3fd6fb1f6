// @ts-check
import { createApp } from './app.js';

const port = process.env.PORT ?? '3000';

const server = createApp().listen(Number(port), (error) => {
  if (error) {
    console.error(`The shop can't listen on port ${port}: ${error.message}`);
    process.exitCode = 1;
    return;
  }
  const address = server.address();
  const actualPort = typeof address === 'object' && address ? address.port : port;
  console.log(`The shop is open: http://localhost:${actualPort}`);
});
