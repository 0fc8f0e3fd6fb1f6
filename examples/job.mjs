// A nightly job without Express that sends two kinds of newsletter.
import { parseExperiments } from 'evenhand';

const experiments = parseExperiments([
  {
    name: 'newsletter',
    identity: 'user.id',
    variants: [
      { name: 'short', value: { articles: 3 } },
      { name: 'long', value: { articles: 10 } },
    ],
    audiences: [
      { rule: 'user.age < 18', allocations: [{ variant: 'short', percent: 100 }] },
      {
        allocations: [
          { variant: 'short', percent: 50 },
          { variant: 'long', percent: 50 },
        ],
      },
    ],
  },
]);

const readers = [
  { id: 101, name: 'Ann', age: 34 },
  { id: 102, name: 'Ben', age: 15 },
  { id: 103, name: 'Cleo', age: 52 },
  { id: 104, name: 'Dan', age: 41 },
];

for (const user of readers) {
  const participant = experiments.participant({ user });
  const { articles } = participant.value('newsletter');
  const { audience, bucket } = participant.explain('newsletter');
  console.log(`${user.name}: ${articles} articles (audience ${audience}, bucket ${bucket})`);
}
