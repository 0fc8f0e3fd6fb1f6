import { createInterface } from 'node:readline';
import { EvenhandError } from '../../errors/evenhand-error.ts';
import { OptionError } from '../../errors/usage-errors.ts';
import { INTERRUPTED } from '../host/exit-codes.ts';
import type { Host } from '../host/host.ts';
import { createColour } from '../output/colour.ts';

/** Converts an answer; throws an EvenhandError if the answer is invalid. */
export type Reading<T> = (answer: string) => T;

/** Asks questions in a terminal, one at a time. */
export interface Asker {
  /**
   * Asks until the answer is valid.
   *
   * @param fallback the answer if the user only presses Enter
   * @throws OptionError (`option`) if the input ends: Ctrl-C, Ctrl-D
   */
  ask<T>(question: string, fallback: string, read: Reading<T>): Promise<T>;
  close(): void;
}

/** Creates an asker for the host's terminal. */
export function createAsker(host: Host): Asker {
  const { stdin, stdout } = host;
  const lines = createInterface({ input: stdin.stream, output: stdout.stream });
  lines.on('SIGINT', () => {
    host.setExitCode(INTERRUPTED);
    lines.close();
  });
  // `question()` would lose lines that arrive before it is called, such as those of a pasted text.
  const answers = lines[Symbol.asyncIterator]();
  let ended = false;
  lines.once('close', () => (ended = true));
  const colour = createColour(stdout.colour);
  return {
    async ask(question, fallback, read) {
      const hint = fallback === '' ? '' : colour.dim(` (${fallback})`);
      for (;;) {
        const prompt = `${colour.bold(question)}${hint}: `;
        // Piped input can end while some of its lines still wait to be read; readline then refuses to prompt.
        if (ended) stdout.write(prompt);
        else {
          lines.setPrompt(prompt);
          lines.prompt();
        }
        const answer = await answers.next();
        if (answer.done) {
          stdout.write('\n');
          throw new OptionError(
            'input ended before all questions were answered; nothing was written',
          );
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
