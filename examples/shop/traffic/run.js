// @ts-check
// A week of made-up visitors of the shop: `npm run demo:traffic`. It writes demo/week.ndjson.
import { fileURLToPath } from 'node:url';
import { makeTraffic } from './make-traffic.js';

const root = new URL('../../../', import.meta.url);

const { visits, records } = await makeTraffic({
  specification: fileURLToPath(new URL('experiments.config.json', root)),
  folder: fileURLToPath(new URL('demo', root)),
});
console.log(`demo/week.ndjson has ${records} records of ${visits} visits. Now run`);
console.log("npx evenhand analyze hero_headline --records 'demo/*.ndjson'");
