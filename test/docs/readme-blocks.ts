/** One fenced block of a Markdown file. */
export interface Block {
  readonly language: string;
  /** The path that the block is saved under: `file=app.mjs` after the language. */
  readonly file: string | undefined;
  /** The program that the block is a part of: `part=shop` after the language. */
  readonly part: string | undefined;
  readonly text: string;
}

const FENCE = /^```(\w+)(?: file=(\S+))?(?: part=(\S+))?\n([\s\S]*?)^```$/gm;

/** All fenced blocks, in order. */
export function blocksOf(markdown: string): Block[] {
  return [...markdown.matchAll(FENCE)].map(([, language = '', file, part, text = '']) => ({
    language,
    file,
    part,
    text,
  }));
}

/** A command of a console block, with the output it shows. */
export interface Command {
  readonly command: string;
  readonly output: string;
}

/** The commands of a console block: lines that start with `$`, each with what follows it. */
export function commandsOf(block: Block): Command[] {
  return block.text
    .split(/^\$ /m)
    .slice(1)
    .map((text) => {
      const end = text.indexOf('\n');
      return { command: text.slice(0, end), output: text.slice(end + 1) };
    });
}
