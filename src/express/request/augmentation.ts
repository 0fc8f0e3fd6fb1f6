import type { NamespaceAssignment } from '../../assignment/namespaces/namespace-assignment.ts';
import type { Participant } from '../../assignment/participant.ts';
import type { JsonValue } from '../../json/value.ts';
import type {
  ExperimentName,
  SwitchName,
  VariantOf,
  VariantsOf,
} from '../../assignment/declared-names.ts';

/** The questions a request can be asked about its participant. */
export interface ExperimentQuestions {
  /**
   * Whether the participant has this variant, or one of these. False for an unknown experiment, with
   * one warning per name.
   *
   * @throws RuleError, IdentityError while evaluating, unless `onError` is `fallback`
   */
  isVariant<Name extends ExperimentName>(name: Name, variants: readonly VariantOf<Name>[]): boolean;
  isVariant<Name extends ExperimentName>(name: Name, variant: VariantsOf<Name>): boolean;
  /** Whether the switch is on: `isVariant(name, 'on')`. */
  isOn(name: SwitchName): boolean;
  /** Whether the switch is off: `isVariant(name, 'off')`. An unknown switch is neither on nor off. */
  isOff(name: SwitchName): boolean;
  /** The participant's variant; undefined for an unknown experiment, with one warning per name. */
  variant<Name extends ExperimentName>(name: Name): VariantOf<Name> | undefined;
}

declare global {
  // Express is extended by merging into its global namespace; there is no other way.
  namespace Express {
    // Written out, not extended: where two versions of the package are installed, methods are merged.
    interface Request {
      /**
       * Whether the participant has this variant, or one of these. False for an unknown experiment,
       * with one warning per name.
       *
       * @throws RuleError, IdentityError while evaluating, unless `onError` is `fallback`
       */
      isVariant<Name extends ExperimentName>(
        name: Name,
        variants: readonly VariantOf<Name>[],
      ): boolean;
      isVariant<Name extends ExperimentName>(name: Name, variant: VariantsOf<Name>): boolean;
      /** Whether the switch is on: `isVariant(name, 'on')`. */
      isOn(name: SwitchName): boolean;
      /** Whether the switch is off: `isVariant(name, 'off')`. An unknown switch is neither on nor off. */
      isOff(name: SwitchName): boolean;
      /** The participant's variant; undefined for an unknown experiment, with one warning per name. */
      variant<Name extends ExperimentName>(name: Name): VariantOf<Name> | undefined;
      /** The participant's variant for somebody who only looks: as `variant()`, but no exposure. */
      peek<Name extends ExperimentName>(name: Name): VariantOf<Name> | undefined;
      /**
       * Records that the participant meets its variant now: for an experiment whose `exposure` is
       * `manual`. Nothing happens without the option `exposures`.
       */
      expose(name: ExperimentName): void;
      /**
       * Records what the participant did, to be joined with its exposures: `req.track('purchase',
       * { value: 12.5 })`. Nothing happens without the option `exposures`. Never throws.
       */
      track(name: string, properties?: Readonly<Record<string, JsonValue | undefined>>): void;
      /**
       * The participant in a namespace: `req.namespace('checkout').get('button_text', 'OK')`. An
       * unknown namespace gives the defaults, with one warning per name.
       */
      namespace(name: string): NamespaceAssignment;
      /** The participant of this request: `value()`, `variants()` and `explain()` are here too. */
      experiments: Participant;
    }
    /** In views the questions are functions that need no object: `isOn("new_search")`. */
    interface Locals {
      /** Whether the participant has this variant, or one of these. */
      isVariant: {
        <Name extends ExperimentName>(name: Name, variants: readonly VariantOf<Name>[]): boolean;
        <Name extends ExperimentName>(name: Name, variant: VariantsOf<Name>): boolean;
      };
      /** Whether the switch is on. */
      isOn: (name: SwitchName) => boolean;
      /** Whether the switch is off. */
      isOff: (name: SwitchName) => boolean;
      /** The participant's variant. */
      variant: <Name extends ExperimentName>(name: Name) => VariantOf<Name> | undefined;
    }
  }
}
