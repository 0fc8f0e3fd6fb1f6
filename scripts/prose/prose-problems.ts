/** A doc comment names its subject first, or starts with a verb. */
const QUESTION_OPENING = /^\s*\/?\*\*?\s+(What|Who|Whoever|Whose|How|Whether|Where)\b/;
const DOC_COMMENT = /\/\*\*/;

/** Phrases, each with the words to use in their place. */
const PHRASES: readonly (readonly [RegExp, string])[] = [
  [/can(?:'|no)t be meant/i, 'name the mistake ("invalid options")'],
  [/\bwhat (?:is|was|stays) in force\b/i, '"the current experiments"'],
  [
    /(?<!\bthere )\b(?:is|was) no (?:list|text|name|number|object|rule|unit|variant|function|file|JSON|dependency|matter)\b/i,
    '"is not a"',
  ],
  [/\bnobody gets\b/i, '"is never reached"'],
  [/\bmend(?:s|ed|ing)?\b/i, '"fix"'],
  [/\bnothing comes\b/i, '"no data received in time"'],
  [/\bshall\b/i, '"must", or the present tense'],
  [/\b(?:dealt?|deals) (?:\w+ )?anew\b/i, '"reshuffle"'],
  [/\bbeg[iau]ns? anew\b/i, '"start again"'],
  [/\bwhat is to be\b/i, 'name the subject'],
  [/\bfor those who\b/i, '"for people who", or say who acts'],
  [/\bis told once\b/i, '"is reported once"'],
  [/\bcan't be had\b/i, '"is missing"'],
  [/\bgoes? on with\b/i, '"keep using"'],
  [/\bread it again and make\b/i, '"reload and apply your change"'],
  [/\bnobody's\b/i, 'say what does not happen'],
];

/**
 * Finds the lines of a text that are not written as they should be.
 *
 * @param path the file's path, for the messages
 * @returns one message for each place, with its line
 */
export function proseProblems(path: string, text: string): string[] {
  const lines = text.split('\n');
  return lines.flatMap((line, i) => {
    const found = PHRASES.filter(([phrase]) => phrase.test(line)).map(
      ([phrase, instead]) => `"${phrase.exec(line)?.[0]}": write ${instead}`,
    );
    const opening = openingOf(line, lines[i - 1]);
    if (opening !== undefined)
      found.push(`a doc comment begins with "${opening}"; name its subject`);
    return found.map((problem) => `${path}:${i + 1}: ${problem}`);
  });
}

/** The question word that a doc comment begins with on this line, if any. */
function openingOf(line: string, previous = ''): string | undefined {
  const [, word] = QUESTION_OPENING.exec(line) ?? [];
  const isFirst = DOC_COMMENT.test(line) || /^\s*\/\*\*\s*$/.test(previous);
  return isFirst ? word : undefined;
}
