import { importEvenhand } from '../harness/build.mjs';
import { cpuTimePerOperation } from '../harness/clock.mjs';
import { allocatedPerOperation } from '../harness/heap.mjs';
import { RULE } from '../work/experiments.mjs';
import { PROOF_USERS } from '../work/proof.mjs';
import { createUsers, matches } from '../work/users.mjs';

const ALONE = 'alone';
const AMONG_MANY = 'among 10,000 others';
const ALLOCATED = 'bytes allocated';
const IN_TWELVE = 'in a list of 12';

const OTHERS = 10_000;

/** A list long enough for a lookup instead of a scan. All items are equally likely. */
const TWELVE = ['a', 'b', 'c', 'd', 'e', 'pro', 'f', 'g', 'h', 'i', 'j', 'team'];
const IN_TWELVE_RULE = `locale == "en-US" and user.plan in [${TWELVE.map((plan) => `"${plan}"`).join(', ')}]`;

const contestants = {
  async evenhand() {
    const { compileRule } = await importEvenhand();
    return compileRule;
  },
  /** The rule as JavaScript code: the lower bound for a compiler to closures. */
  'by-hand': () => (source) =>
    source === IN_TWELVE_RULE
      ? ({ locale, user }) => locale === 'en-US' && TWELVE.includes(user.plan)
      : ({ locale, user }) => locale === 'en-US' && (user.plan === 'pro' || user.plan === 'team'),
  /** JSONLogic compiled to JavaScript, as in flagd-core. */
  async 'json-logic-engine'() {
    const { LogicEngine } = await import('json-logic-engine');
    const engine = new LogicEngine();
    return (source) =>
      engine.build({
        and: [
          { '==': [{ var: 'locale' }, 'en-US'] },
          { in: [{ var: 'user.plan' }, source === IN_TWELVE_RULE ? TWELVE : ['pro', 'team']] },
        ],
      });
  },
};

export const suite = {
  name: 'rules',
  title: `The rule \`${RULE}\`, ns`,
  contestants: Object.keys(contestants),
  ours: ['evenhand'],
  tasks: {
    alone: async (contestant) => {
      const { run, contexts } = await prepare(contestant, RULE);
      return {
        [ALONE]: await cpuTimePerOperation(run, contexts.length),
        [ALLOCATED]: allocatedPerOperation(run),
      };
    },
    amongMany: async (contestant) => {
      const { run, compile, contexts } = await prepare(contestant, RULE);
      // Evaluates the other rules too, because V8 collects its type feedback over all rules.
      const others = Array.from({ length: OTHERS }, (_, i) => compile(otherRule(i)));
      for (const [i, rule] of others.entries()) rule(contexts[i % contexts.length]);
      return { [AMONG_MANY]: await cpuTimePerOperation(run, contexts.length) };
    },
    inTwelve: async (contestant) => {
      const { run, contexts } = await prepare(contestant, IN_TWELVE_RULE);
      return { [IN_TWELVE]: await cpuTimePerOperation(run, contexts.length) };
    },
  },
  ratiosTo: ['evenhand'],
  plainColumns: [ALLOCATED],
  targets: [
    { what: 'evenhand, ns', figure: (at) => at('evenhand', ALONE), atMost: 40 },
    {
      what: `evenhand, ${AMONG_MANY} : ${ALONE}`,
      figure: (at) => at('evenhand', AMONG_MANY) / at('evenhand', ALONE),
      atMost: 1.15,
    },
    {
      what: 'evenhand, bytes allocated',
      figure: (at) => at('evenhand', ALLOCATED),
      atMost: 0,
    },
  ],
};

async function prepare(contestant, source) {
  const compile = await contestants[contestant]();
  const rule = compile(source);
  const users = createUsers(PROOF_USERS);
  const contexts = users.map(({ id, plan, locale }) => ({ locale, user: { id, plan } }));
  for (const [i, user] of users.entries()) {
    if (rule(contexts[i]) !== matches(user))
      throw new Error(`${contestant} decides wrongly for ${user.id}`);
  }
  const run = (count = contexts.length) => {
    let matching = 0;
    for (let i = 0; i < count; i++) if (rule(contexts[i])) matching++;
    if (matching === 0) throw new Error('nobody matched');
  };
  return { run, compile, contexts };
}

/** Returns different rules of several shapes. */
function otherRule(i) {
  const shapes = [
    `user.plan == "plan_${i}" or locale == "xx-${i}"`,
    `not (locale in ["xx-${i}", "yy-${i}"])`,
    `user.id == "user-${i}"`,
  ];
  return shapes[i % shapes.length];
}
