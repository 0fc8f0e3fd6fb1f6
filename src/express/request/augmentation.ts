import type { NamespaceAssignment } from '../../assignment/namespaces/namespace-assignment.ts';
import type { Participant } from '../../assignment/participant.ts';
import type { JsonValue } from '../../json/value.ts';
import type {
  ExperimentName,
  NamespaceName,
  ParamsOf,
  SwitchName,
  VariantOf,
  VariantsOf,
} from '../../assignment/declared-names.ts';

/** The questions a request can be asked about its participant. */
export interface ExperimentQuestions {
  /**
   * Returns true if the participant has this variant, or one of these. False for an unknown
   * experiment, with one warning per name.
   *
   * @throws RuleError, IdentityError if a rule or identity fails and `onError` is `throw`
   */
  isVariant<Name extends ExperimentName>(name: Name, variants: readonly VariantOf<Name>[]): boolean;
  isVariant<Name extends ExperimentName>(name: Name, variant: VariantsOf<Name>): boolean;
  /** Returns true if the switch is on: `isVariant(name, 'on')`. */
  isOn(name: SwitchName): boolean;
  /** Returns true if the switch is off: `isVariant(name, 'off')`. An unknown switch is neither. */
  isOff(name: SwitchName): boolean;
  /**
   * Returns the participant's variant; undefined for an unknown experiment, with one warning per
   * name.
   */
  variant<Name extends ExperimentName>(name: Name): VariantOf<Name> | undefined;
}

declare global {
  // Express can only be extended by merging into its global namespace.
  namespace Express {
    // Not an extended interface: if two versions of the package are installed, TypeScript merges methods.
    interface Request {
      /**
       * Returns true if the participant has this variant, or one of these. False for an unknown
       * experiment, with one warning per name.
       *
       * @throws RuleError, IdentityError if a rule or identity fails and `onError` is `throw`
       */
      isVariant<Name extends ExperimentName>(
        name: Name,
        variants: readonly VariantOf<Name>[],
      ): boolean;
      isVariant<Name extends ExperimentName>(name: Name, variant: VariantsOf<Name>): boolean;
      /** Returns true if the switch is on: `isVariant(name, 'on')`. */
      isOn(name: SwitchName): boolean;
      /**
       * Returns true if the switch is off: `isVariant(name, 'off')`. An unknown switch is neither.
       */
      isOff(name: SwitchName): boolean;
      /**
       * Returns the participant's variant; undefined for an unknown experiment, with one warning
       * per name.
       */
      variant<Name extends ExperimentName>(name: Name): VariantOf<Name> | undefined;
      /** Returns the participant's variant without recording an exposure. */
      peek<Name extends ExperimentName>(name: Name): VariantOf<Name> | undefined;
      /**
       * Records that the participant sees its variant now: for an experiment whose `exposure` is
       * `manual`. Does nothing without the option `exposures`.
       */
      expose(name: ExperimentName): void;
      /**
       * Records an event of the participant, to be joined with its exposures: `req.track('purchase',
       * { value: 12.5 })`. Does nothing without the option `exposures`. Never throws.
       */
      track(name: string, properties?: Readonly<Record<string, JsonValue | undefined>>): void;
      /**
       * Returns the participant's assignment in a namespace: `req.namespace('checkout').get('button_text',
       * 'OK')`. An unknown namespace returns the fallbacks, with one warning per name.
       */
      namespace<Name extends NamespaceName>(name: Name): NamespaceAssignment<ParamsOf<Name>>;
      /**
       * The participant of this request, which also has `value()`, `variants()` and `explain()`.
       */
      experiments: Participant;
    }
    /**
     * Functions for views, called without an object: `isOn("new_search")`. Names that the application
     * sets itself stay as they are; see the option `viewNames`.
     */
    interface Locals {
      /** All of these functions, also for views where the application uses their names. */
      evenhand: ExperimentQuestions;
      /** Returns true if the participant has this variant, or one of these. */
      isVariant: {
        <Name extends ExperimentName>(name: Name, variants: readonly VariantOf<Name>[]): boolean;
        <Name extends ExperimentName>(name: Name, variant: VariantsOf<Name>): boolean;
      };
      /** Returns true if the switch is on. */
      isOn: (name: SwitchName) => boolean;
      /** Returns true if the switch is off. */
      isOff: (name: SwitchName) => boolean;
      /** Returns the participant's variant. */
      variant: <Name extends ExperimentName>(name: Name) => VariantOf<Name> | undefined;
    }
  }
}
