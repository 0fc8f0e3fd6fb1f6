import { evenhand, OptionError } from 'evenhand';
import { dashboard } from 'evenhand/dashboard';
import { parseDashboardOptions } from '../../src/dashboard/parse-options.ts';
import { closing } from '../closing.ts';
import { withNodeEnv } from '../express/harness.ts';
import { SHOP } from './fixtures/shop-specification.ts';
import { stillWorkspace } from './fixtures/visit.ts';

const parse = (given: object) => parseDashboardOptions(given);

const author = () => 'ada';
const store = stillWorkspace(SHOP);

it('has defaults', () => {
  expect(withNodeEnv('staging', () => parse({}))).toMatchObject({
    allowIps: [],
    readOnly: false,
    redact: [],
    trustedOrigins: [],
    environment: 'staging',
    pageSize: 100,
    timeZone: 'UTC',
  });
  expect(withNodeEnv(undefined, () => parse({})).environment).toBe('development');
});

it.each<[string, object, RegExp]>([
  [
    'metrics',
    { metrics: [] },
    /no option "metrics": metrics are declared in experiments.config.json/,
  ],
  ['records', { records: {} }, /no option "records": .* the option "analysis"/],
  ['a store without an author', { store }, /option "store" needs the option "author"/],
  ['an unknown option', { alow: () => true }, /allow/],
  ['a path as a store', { store: 'experiments.config.json', author }, /"store" must be a store/],
  ['half a store', { store: { read() {} }, author }, /"store" must be a store/],
  ['a list of functions', { allow: ['write'] }, /"allow" must be a function/],
  ['a path with dots', { basePath: '/a/../b' }, /"basePath" must be a path/],
  ['another site as a path', { basePath: '//evil.example' }, /"basePath" must be a path/],
  ['an address as a path', { basePath: 'https://a.example/b' }, /"basePath" must be a path/],
  ['an origin with a path', { trustedOrigins: ['https://a.example/'] }, /"trustedOrigins"/],
  ['every origin', { trustedOrigins: ['*'] }, /"trustedOrigins"/],
  ['a time zone that does not exist', { timeZone: 'Europe/Atlantis' }, /"timeZone" must be/],
  ['a time zone that is not a text', { timeZone: 1 }, /"timeZone" must be/],
  ['pages of 5 rows', { pageSize: 5 }, /"pageSize" must be a whole number from 10 to 1000/],
  ['pages of no number', { pageSize: '100' }, /"pageSize"/],
  ['no name', { name: ' ' }, /"name" must be a text/],
  ['a long name', { name: 'a'.repeat(101) }, /"name" must be a text/],
  ['a rule to hide', { redact: ['user.email == 1'] }, /"redact" must be/],
  ['no path of a report', { usage: '' }, /"usage" must be the path of a file/],
])('refuses %s', (_what, given, message) => {
  expect(() => parse(given)).toThrow(OptionError);
  expect(() => parse(given)).toThrow(message);
});

it('needs no author for a dashboard that only reads', () => {
  expect(parse({ store, readOnly: true })).toMatchObject({ readOnly: true });
});

it('refuses anything but the middleware, and addresses that are none', () => {
  expect(() => dashboard({} as never)).toThrow(/takes the middleware that evenhand\(\) returns/);
  const experiments = closing(evenhand({ source: SHOP, logger: false }));
  expect(() => dashboard(experiments, { allowIps: ['localhost'] })).toThrow(/"allowIps"/);
});
