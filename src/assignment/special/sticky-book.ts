import type { DecidedExperiment, Outcome } from '../outcome.ts';
import type {
  CompiledExperiment,
  ExperimentTable,
  KeptVariant,
  StickyAssignment,
  StickyKeeper,
} from '../experiment.ts';
import { type AvailableIdentities, readIdentities } from './available-identities.ts';
import {
  MAX_ASSIGNMENTS,
  MAX_UNIT_LENGTH,
  MAX_UNITS,
  readAssignments,
} from './read-assignments.ts';
import type { StickyEntry } from './sticky-entry.ts';

/** Converts between the text of an identity and the code that is kept of it. */
export interface UnitCodes {
  /** Returns the code to keep. */
  encode(path: string, text: string): string;
  /** Returns true if a code was made from this text. */
  matches(path: string, text: string, code: string): boolean;
  /** Returns the text of a code, if it is known. */
  reveal(path: string, code: string): string | undefined;
}

/** Keeps the texts as they are. */
const PLAIN: UnitCodes = {
  encode: (_path, text) => text,
  matches: (_path, text, code) => text === code,
  reveal: (_path, code) => code,
};

/** The relation between an entry and the identities of a participant. */
interface Match {
  readonly entry: StickyEntry;
  /** A path whose text is equal. */
  readonly path: string;
}

/** The variants that one participant keeps, the oldest first. */
export class StickyBook implements StickyKeeper {
  /** True if there is something new to write. */
  changed: boolean;
  private kept: StickyEntry[];
  private readonly codes: UnitCodes;

  /** @param changed true if the entries have to be written anyway */
  constructor(entries: StickyEntry[], codes: UnitCodes = PLAIN, changed = false) {
    this.kept = entries;
    this.codes = codes;
    this.changed = changed;
  }

  /** Returns the book of given assignments, of which those count that fit the experiments. */
  static of(assignments: unknown, experiments: ExperimentTable): StickyBook {
    return new StickyBook(readAssignments(assignments, experiments));
  }

  get entries(): readonly StickyEntry[] {
    return this.kept;
  }

  /** Removes the oldest entries. */
  dropOldest(count: number): void {
    this.kept.splice(0, count);
  }

  find(experiment: CompiledExperiment, context: object): KeptVariant | undefined {
    const entries = this.kept.filter((entry) => isCurrent(entry, experiment));
    if (entries.length === 0) return undefined;
    const identities = readIdentities(experiment, context);
    // Without consent, the visitor must not be recognised.
    if (identities.withheld) return undefined;
    const match = this.bestOf(entries, identities);
    return match && this.use(match, identities);
  }

  keep({ experiment, variant, identityPath, unit }: Outcome): void {
    if (variant === undefined || unit === undefined || identityPath === undefined) return;
    if (unit.length > MAX_UNIT_LENGTH) return;
    const { name, seed } = experiment.spec;
    // Entries of the experiment that no longer count would only take room.
    this.kept = this.kept.filter((one) => one.experiment !== name || isCurrent(one, experiment));
    const units = new Map([[identityPath, this.codes.encode(identityPath, unit)]]);
    this.kept.push({ experiment: name, seed, variant, units });
    if (this.kept.length > MAX_ASSIGNMENTS) this.dropOldest(1);
    this.changed = true;
  }

  assignments(): StickyAssignment[] {
    const known: StickyAssignment[] = [];
    for (const { experiment, seed, variant, units } of this.kept) {
      const texts = [...units].flatMap(([path, code]): [string, string][] => {
        const text = this.codes.reveal(path, code);
        return text === undefined ? [] : [[path, text]];
      });
      // `fromEntries` makes even `__proto__` an ordinary property.
      if (texts.length > 0) {
        known.push({ experiment, seed, variant, units: Object.fromEntries(texts) });
      }
    }
    return known;
  }

  /**
   * Returns the entry that belongs to the participant. An entry with the deciding identity comes first, so
   * that each identity keeps one variant. Another one counts if it does not know the deciding identity yet,
   * agrees with an available one and differs in none: the visitor has logged in, or the identity in the
   * file has changed.
   */
  private bestOf(
    entries: readonly StickyEntry[],
    identities: AvailableIdentities,
  ): Match | undefined {
    const { deciding } = identities;
    let agreeing: Match | undefined;
    for (const entry of entries) {
      const { equal, differs } = this.compare(entry, identities);
      if (deciding !== undefined && equal.includes(deciding.path)) {
        return { entry, path: deciding.path };
      }
      const [path] = equal;
      if (path !== undefined && !differs) agreeing ??= { entry, path };
    }
    return agreeing;
  }

  private compare(
    { units }: StickyEntry,
    identities: AvailableIdentities,
  ): { readonly equal: readonly string[]; readonly differs: boolean } {
    const equal: string[] = [];
    let differs = false;
    for (const [path, code] of units) {
      const read = identities.read(path);
      if (read === 'missing') continue;
      // An identity that can't be read may belong to another participant.
      if (read === 'failed' || !this.codes.matches(path, read.text, code)) differs = true;
      else equal.push(path);
    }
    return { equal, differs };
  }

  /** Adds the deciding identity to the entry, and renews codes that were made with an older secret. */
  private use({ entry, path }: Match, identities: AvailableIdentities): KeptVariant | undefined {
    const { deciding } = identities;
    const { variant, units } = entry;
    const matched = identities.read(path);
    if (typeof matched !== 'object') return undefined;
    const isNew = deciding !== undefined && !units.has(deciding.path);
    if (isNew && units.size < MAX_UNITS && deciding.text.length <= MAX_UNIT_LENGTH) {
      this.write(units, deciding.path, deciding.text);
    }
    for (const [one, code] of units) {
      const read = identities.read(one);
      if (typeof read === 'object' && this.codes.matches(one, read.text, code)) {
        this.write(units, one, read.text);
      }
    }
    return deciding === undefined
      ? { variant, identityPath: path, unit: matched.text }
      : { variant, identityPath: deciding.path, unit: deciding.text };
  }

  private write(units: Map<string, string>, path: string, text: string): void {
    const code = this.codes.encode(path, text);
    if (units.get(path) === code) return;
    units.set(path, code);
    this.changed = true;
  }
}

/** Returns true if an entry counts: the experiment has its seed, and declares its variant. */
function isCurrent(entry: StickyEntry, { spec, variants }: DecidedExperiment): boolean {
  return entry.experiment === spec.name && entry.seed === spec.seed && variants.has(entry.variant);
}
