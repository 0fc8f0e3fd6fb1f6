import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient, evenhand, parseExperiments } from 'evenhand';
import request from 'supertest';
import { versions } from '../express/harness.ts';
import { closing } from '../closing.ts';
import { runs } from '../runs.ts';

interface Decided {
  readonly variants: Readonly<Record<string, string>>;
  readonly buckets: Readonly<Record<string, number>>;
}

const vectors = JSON.parse(
  readFileSync(join(__dirname, '../vectors/cravensworth.json'), 'utf8'),
) as {
  readonly experiments: readonly { readonly name: string }[];
  readonly decisions: readonly (Decided & { readonly context: object })[];
};

const names = vectors.experiments.map(({ name }) => name);

/** The decisions of Cravensworth for each context, without the contexts. */
const expected: readonly Decided[] = vectors.decisions.map(({ variants, buckets }) => ({
  variants,
  buckets,
}));

interface Asked {
  variant(name: string): string | undefined;
  isVariant(name: string, variant: string): boolean;
  variants(): object;
  explain(name: string): { readonly bucket?: number | undefined };
}

/** Returns every decision, made in every available way. */
function decisionsOf(participant: Asked): Decided {
  const explained = names.map((name) => [name, participant.explain(name).bucket] as const);
  const variants = names.map((name) => [name, participant.variant(name)] as const);
  expect(participant.variants()).toEqual(Object.fromEntries(variants));
  for (const [name, variant = ''] of variants) {
    expect(participant.isVariant(name, variant)).toBe(true);
    expect(participant.isVariant(name, `${variant}_`)).toBe(false);
  }
  return {
    variants: Object.fromEntries(variants) as Decided['variants'],
    buckets: Object.fromEntries(explained) as Decided['buckets'],
  };
}

describe('the decisions of Cravensworth', () => {
  it('match those of parseExperiments', () => {
    const snapshot = parseExperiments(vectors.experiments, { logger: false });
    const decided = vectors.decisions.map(({ context }) =>
      decisionsOf(snapshot.participant(context)),
    );
    expect(decided).toEqual(expected);
  });

  it('match those of a client', async () => {
    const client = closing(createClient({ source: [...vectors.experiments], logger: false }));
    await client.ready();
    const decided = vectors.decisions.map(({ context }) =>
      decisionsOf(client.participant(context)),
    );
    expect(decided).toEqual(expected);
  });

  it.each(versions)(
    'are those of a request to Express $version, and what its answer says',
    async ({ express }) => {
      const app = express();
      app.use(express.json());
      const middleware = closing(
        evenhand({
          source: [...vectors.experiments],
          logger: false,
          contextProvider: (req) => req.body as object,
        }),
      );
      app.use(middleware);
      app.post('/decisions', (req, res) => {
        res.json({
          ...decisionsOf(req.experiments),
          asked: names.map((name) => req.variant(name)),
        });
      });
      const server = closing(app.listen(0));
      const answered: Decided[] = [];
      const sent = vectors.decisions.slice(0, runs(vectors.decisions.length));
      for (const { context } of sent) {
        const { body } = await request(server).post('/decisions').send(context);
        const { asked, ...decided } = body as Decided & { asked: readonly string[] };
        expect(asked).toEqual(names.map((name) => decided.variants[name]));
        answered.push(decided);
      }
      expect(answered).toEqual(expected.slice(0, sent.length));
    },
  );
});
