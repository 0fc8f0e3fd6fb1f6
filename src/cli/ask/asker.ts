import { createInterface } from 'node:readline';
import { EvenhandError } from '../../errors/evenhand-error.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import { INTERRUPTED } from '../host/exit-codes.ts';
import type { Host } from '../host/host.ts';
import { createColour } from '../output/colour.ts';

/** Makes something of an answer; throws an EvenhandError where the answer won't do. */
export type Reading<T> = (answer: string) => T;

/** Asks questions in a terminal, one after the other. */
export interface Asker {
  /**
   * Asks until the answer will do.
   *
   * @param fallback the answer of who only presses the return key
   * @throws OptionError (`option`) where no answer comes any more: Ctrl-C, Ctrl-D
   */
  ask<T>(question: string, fallback: string, read: Reading<T>): Promise<T>;
  close(): void;
}

/** Begins to ask. */
export function createAsker(host: Host): Asker {
  const { stdin, stdout } = host;
  const lines = createInterface({ input: stdin.stream, output: stdout.stream });
  lines.on('SIGINT', () => {
    host.setExitCode(INTERRUPTED);
    lines.close();
  });
  // Not `question()`, which loses lines that come before it is asked, as those of a pasted text do.
  const answers = lines[Symbol.asyncIterator]();
  const colour = createColour(stdout.colour);
  return {
    async ask(question, fallback, read) {
      const hint = fallback === '' ? '' : colour.dim(` (${fallback})`);
      for (;;) {
        lines.setPrompt(`${colour.bold(question)}${hint}: `);
        lines.prompt();
        const answer = await answers.next();
        if (answer.done) {
          stdout.write('\n');
          throw new OptionError('no answer came, so nothing was written');
        }
        try {
          return read(answer.value.trim() || fallback);
        } catch (error) {
          if (!(error instanceof EvenhandError)) throw error;
          stdout.write(`  ${colour.red(error.message.replaceAll('\n', '\n  '))}\n`);
        }
      }
    },
    close: () => lines.close(),
  };
}
