// Measures which parts of a script have run, by V8's own block coverage.
import { Session } from 'node:inspector';

/** Collects the characters of a script's source that have run since the process began. */
export class Coverage {
  #session = new Session();
  #url;
  /**
   * One byte for each character: has it ever run, and did it run before the last call of take()?
   */
  #ever = new Uint8Array(0);
  #last = new Uint8Array(0);
  #added = [];
  #undone = [];
  /** The known blocks, by their start and end. A block is a function's or a branch's. */
  #blocks = new Map();

  /** Starts counting. Code that is loaded later is counted from its first line. */
  constructor() {
    this.#session.connect();
    this.#post('Profiler.enable');
    this.#post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /**
   * @param {string} url the address of the measured script
   */
  watch(url) {
    this.#url = url;
  }

  /**
   * Adds the code that has run since the last call.
   *
   * @returns true if any of it had never run before
   */
  take() {
    const script = this.#post('Profiler.takePreciseCoverage').result.find(
      ({ url }) => url === this.#url,
    );
    this.#added = [];
    if (script === undefined) return false;
    // Outer functions come before inner ones, which overwrite them.
    this.#last.fill(0);
    for (const { ranges } of script.functions) {
      for (const { startOffset, endOffset, count } of ranges) {
        this.#grow(endOffset);
        this.#last.fill(count > 0 ? 1 : 0, startOffset, endOffset);
        this.#blocks.set(`${startOffset}-${endOffset}`, startOffset);
      }
    }
    return this.#merge();
  }

  /** The number of blocks that have run, and of known blocks. */
  get blocks() {
    let run = 0;
    for (const start of this.#blocks.values()) run += this.#ever[start] ?? 0;
    return { run, known: this.#blocks.size };
  }

  /** Forgets which code has run, but keeps the known blocks. */
  forget() {
    this.take();
    this.#ever.fill(0);
  }

  /** Reverts the last take(), so that its code can be found again. */
  undo() {
    for (const i of this.#added) this.#ever[i] = 0;
    this.#undone = this.#added;
  }

  /** Restores the reverted code, whether or not it was found again. */
  redo() {
    for (const i of this.#undone) this.#ever[i] = 1;
  }

  #merge() {
    const [ever, last] = [this.#ever, this.#last];
    this.#added = [];
    for (let i = 0; i < last.length; i++) {
      if (last[i] === 1 && ever[i] === 0) {
        ever[i] = 1;
        this.#added.push(i);
      }
    }
    return this.#added.length > 0;
  }

  #grow(length) {
    if (length <= this.#ever.length) return;
    for (const of of ['ever', 'last']) {
      const longer = new Uint8Array(length);
      longer.set(of === 'ever' ? this.#ever : this.#last);
      if (of === 'ever') this.#ever = longer;
      else this.#last = longer;
    }
  }

  /**
   * Calls the inspector. The answer comes synchronously, because the session belongs to this
   * thread.
   */
  #post(method, params) {
    let answer;
    this.#session.post(method, params, (error, result) => {
      if (error) throw error;
      answer = result;
    });
    return answer;
  }
}
