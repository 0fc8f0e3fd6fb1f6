import type { Participant } from '../assignment/participant.ts';

/** The questions a request can be asked about its participant. */
export interface ExperimentQuestions {
  /**
   * Whether the participant has this variant, or one of these. False for an unknown experiment, with
   * one warning per name.
   *
   * @throws RuleError, IdentityError while evaluating, unless `onError` is `fallback`
   */
  isVariant(name: string, variant: string | readonly string[]): boolean;
  /** Whether the switch is on: `isVariant(name, 'on')`. */
  isOn(name: string): boolean;
  /** Whether the switch is off: `isVariant(name, 'off')`. An unknown switch is neither on nor off. */
  isOff(name: string): boolean;
  /** The participant's variant; undefined for an unknown experiment, with one warning per name. */
  variant(name: string): string | undefined;
}

declare global {
  // Express is extended by merging into its global namespace; there is no other way.
  namespace Express {
    interface Request extends ExperimentQuestions {
      /** The participant of this request: `value()`, `variants()` and `explain()` are here too. */
      experiments: Participant;
    }
    /** In views the questions are functions that need no object: `isOn("new_search")`. */
    interface Locals {
      /** Whether the participant has this variant, or one of these. */
      isVariant: (name: string, variant: string | readonly string[]) => boolean;
      /** Whether the switch is on. */
      isOn: (name: string) => boolean;
      /** Whether the switch is off. */
      isOff: (name: string) => boolean;
      /** The participant's variant. */
      variant: (name: string) => string | undefined;
    }
  }
}
