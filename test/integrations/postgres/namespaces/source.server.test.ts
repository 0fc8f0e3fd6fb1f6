import { createClient, type Client } from 'evenhand';
import {
  createPostgresNamespaces,
  type PostgresNamespaces,
} from '../../../../src/integrations/postgres/namespaces/postgres-namespaces.ts';
import { postgresSource } from '../../../../src/integrations/postgres/source.ts';
import { describeWithPostgres } from '../../../servers/postgres.ts';
import { until } from '../../../sources/until.ts';
import { usePostgres } from '../databases.ts';

const BY = { author: 'ada' };

describeWithPostgres('a client with postgresSource() and namespaces', (bin) => {
  const postgres = usePostgres(bin);
  let namespaces: PostgresNamespaces;
  let client: Client;

  beforeEach(async () => {
    const pool = postgres.database().pool();
    namespaces = createPostgresNamespaces({ pool });
    await namespaces.create(
      { name: 'checkout', unit: 'user.id', segments: 100, defaults: { words: 'OK' } },
      BY,
    );
    const source = postgresSource({ pool });
    // A test drops the only namespace.
    client = createClient({ source, allowEmpty: true, logger: false });
    await client.ready();
  });

  const words = (id: number): unknown =>
    client.participant({ user: { id } }).namespace('checkout').get('words');

  // Closed by the test, before the pools are ended.
  describe('of its own', () => {
    afterEach(() => client.close());

    it('serves a parameter, and follows added, removed and dropped experiments', async () => {
      expect(words(1)).toBe('OK');
      const changes: unknown[] = [];
      client.on('changed', ({ namespaces: names }) => void changes.push(names.changed));
      await namespaces.addExperiment(
        'checkout',
        { name: 'all', segments: 100, variants: [{ name: 'buy', values: { words: 'Buy' } }] },
        BY,
      );
      await until('the experiment is in force', () => words(1) === 'Buy');
      expect(client.participant({ user: { id: 1 } }).namespace('checkout').experiment).toBe('all');
      await until('the change is announced', () => changes.length > 0);
      expect(changes).toEqual([['checkout']]);
      await namespaces.removeExperiment('checkout', 'all', BY);
      await until('it is not', () => words(1) === 'OK');
      await namespaces.change('checkout', { defaults: { words: 'Order' } }, BY);
      await until('the default is another', () => words(1) === 'Order');
      await namespaces.drop('checkout', BY);
      await until('the namespace is gone', () => words(1) === undefined);
    });

    it('assigns units to the segments in the table', async () => {
      const variants = [{ name: 'buy', values: { words: 'Buy' } }];
      await namespaces.addExperiment('checkout', { name: 'a', segments: 30, variants }, BY);
      await namespaces.removeExperiment('checkout', 'a', BY);
      await namespaces.addExperiment('checkout', { name: 'b', segments: 40, variants }, BY);
      await namespaces.addExperiment('checkout', { name: 'c', segments: 40, variants }, BY);
      await until('all is in force', () => {
        const { history = [] } = client.experiments().namespaces[0] ?? {};
        return history.length === 4;
      });
      const allocations = Object.entries(await namespaces.allocations('checkout'));
      for (let id = 0; id < 200; id++) {
        const { segment = -1, experiment } = client
          .participant({ user: { id } })
          .namespace('checkout');
        const owner = allocations.find(([, segments]) => segments.includes(segment));
        expect(experiment).toBe(owner?.[0]);
      }
    });
  });
});
