import { OptionError } from '../../errors/usage-errors.ts';
import { compileRule } from '../../rules/compile/compile.ts';
import type { Asker } from './asker.ts';
import { buildEntry, equalPercents, type NewExperiment } from './build-entry.ts';
import { isName, readIdentity } from './check-names.ts';

/** Asks for the properties of a new experiment or switch; returns its entry for the file. */
export async function askExperiment(asker: Asker, name: string): Promise<object | string> {
  const kind = await asker.ask(
    'Experiment or switch?',
    'experiment',
    oneOf('experiment', 'switch'),
  );
  if (kind === 'switch') {
    return `${name}:${await asker.ask('On or off?', 'off', oneOf('on', 'off'))}`;
  }
  const optional = (answer: string) => (answer === '' ? undefined : answer);
  const description = await asker.ask('What should the experiment find out?', '', optional);
  const identity = await asker.ask(
    'Which context value identifies a participant?',
    'user.id',
    checkedIdentity,
  );
  const variants = await asker.ask('Variants?', 'control treatment', readVariants);
  const draft: NewExperiment = { name, description, identity, variants };
  const shares = equalPercents(variants.length);
  const percents = await asker.ask('Percents?', shares.join(' '), (answer) => {
    const read = wordsOf(answer);
    buildEntry({ ...draft, percents: read });
    return read;
  });
  const rule = await asker.ask('Rule for who takes part? (empty: everyone)', '', readRule);
  return buildEntry({ ...draft, percents, rule });
}

function oneOf<T extends string>(...words: readonly T[]): (answer: string) => T {
  return (answer) => {
    const word = words.find((one) => one === answer);
    if (word === undefined) throw new OptionError(`answer ${words.join(' or ')}`);
    return word;
  };
}

function checkedIdentity(answer: string): string {
  if (readIdentity(answer) !== undefined) return answer;
  throw new OptionError(
    'enter a path into the context such as user.id, or anonymous, or random, or several paths with commas',
  );
}

function readVariants(answer: string): string[] {
  const names = wordsOf(answer);
  if (names.length > 0 && names.every(isName)) {
    if (new Set(names).size === names.length) return names;
    throw new OptionError('two variants have the same name; enter different names');
  }
  throw new OptionError('enter names of letters, digits and underscores, separated by spaces');
}

function readRule(answer: string): string | undefined {
  return answer === '' ? undefined : compileRule(answer).source;
}

function wordsOf(answer: string): string[] {
  return answer.split(/[\s,]+/).filter((word) => word !== '');
}
