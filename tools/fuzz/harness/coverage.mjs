// What of one script has run, by V8's own block coverage.
import { Session } from 'node:inspector';

/** Collects which characters of a script's source have been executed, since the process began. */
export class Coverage {
  #session = new Session();
  #url;
  /** One byte for each character: what has run ever, and what the last take painted. */
  #ever = new Uint8Array(0);
  #last = new Uint8Array(0);
  #added = [];
  #undone = [];
  /** The blocks met so far, by where they begin and end; a block is a function's or a branch's. */
  #blocks = new Map();

  /** Counting starts with this; what is loaded later is counted from its first line on. */
  constructor() {
    this.#session.connect();
    this.#post('Profiler.enable');
    this.#post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** @param {string} url address of the script that counts */
  watch(url) {
    this.#url = url;
  }

  /**
   * Adds what has run since the last call.
   *
   * @returns whether any of it had never run before
   */
  take() {
    const script = this.#post('Profiler.takePreciseCoverage').result.find(
      ({ url }) => url === this.#url,
    );
    this.#added = [];
    if (script === undefined) return false;
    // Outer functions come before those inside them, which paint over them.
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

  /** How many blocks have run, of those that are known. */
  get blocks() {
    let run = 0;
    for (const start of this.#blocks.values()) run += this.#ever[start] ?? 0;
    return { run, known: this.#blocks.size };
  }

  /** Forgets what has run, but not what blocks there are. */
  forget() {
    this.take();
    this.#ever.fill(0);
  }

  /** Takes back what the last take has added, for it to be found again. */
  undo() {
    for (const i of this.#added) this.#ever[i] = 0;
    this.#undone = this.#added;
  }

  /** Adds again what was taken back, whether or not it was found. */
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

  /** Answers at once: the session is this thread's own. */
  #post(method, params) {
    let answer;
    this.#session.post(method, params, (error, result) => {
      if (error) throw error;
      answer = result;
    });
    return answer;
  }
}
