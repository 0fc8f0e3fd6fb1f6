import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { closing } from '../../closing.ts';
import { originalPython } from './python.ts';

/**
 * A Python program that answers each line of JSON on its standard input with one line of JSON, in order.
 * It ends after the test or the file that started it.
 */
export class LinePeer {
  private readonly child: ChildProcess;
  private readonly waiting: Question[] = [];
  private problems = '';
  private failure: Error | undefined;

  /** @param program - The path of the program */
  constructor(program: string) {
    const child = spawn(originalPython(), ['-u', program], { stdio: 'pipe' });
    this.child = closing(child);
    child.stderr.setEncoding('utf8').on('data', (text: string) => (this.problems += text));
    createInterface({ input: child.stdout }).on('line', (line) => this.take(line));
    // A program that has ended can't be asked. Its last words say more than this error.
    child.stdin.on('error', () => {});
    void once(child, 'close').then(
      () => this.fail(new Error(`${program} has ended\n${this.problems}`)),
      (error: Error) => this.fail(error),
    );
  }

  /** Asks the program. Many questions may be asked before the first is answered. */
  ask(question: unknown): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.failure !== undefined) return reject(this.failure);
      this.waiting.push({ resolve, reject });
      this.child.stdin?.write(`${JSON.stringify(question)}\n`);
    });
  }

  private take(line: string): void {
    try {
      this.waiting.shift()?.resolve(JSON.parse(line) as unknown);
    } catch (error) {
      this.fail(error as Error);
    }
  }

  private fail(error: Error): void {
    this.failure ??= error;
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }
}

/** A question that waits for its answer. */
interface Question {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}
