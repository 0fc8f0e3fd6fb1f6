import type { SwitchReach, SwitchState } from '../../changes/flip-switch.ts';
import type { DocumentPart } from '../store/workspace.ts';
import type { ChangeRequest } from './plan.ts';

/** Turns a switch on or off. */
export declare function switchChange(
  name: string,
  state: SwitchState,
  reach: SwitchReach,
): ChangeRequest;

/** The wanted percent of a variant. */
export interface Ramp {
  readonly variant: string;
  /** 0 to 100, at most two decimals. */
  readonly to: number;
  /** Position of the audience, from 0; undefined for the only one. */
  readonly audience: number | undefined;
  /** The variants that give or receive buckets, in this order; empty for the default. */
  readonly from: readonly string[];
}

/** Changes a variant's percent and moves as few people as possible. */
export declare function rampChange(name: string, ramp: Ramp): ChangeRequest;

/** Gives all units of every audience one variant with the fewest moves, and removes later steps of the schedule. */
export declare function endChange(name: string, variant: string): ChangeRequest;

/** Gives the experiment a new seed, so that everyone is assigned anew and new results start. */
export declare function restartChange(name: string, seed: string): ChangeRequest;

/** Adds, replaces or (with undefined) removes the step of a schedule at an instant. */
export declare function scheduleChange(
  name: string,
  at: string,
  audiences: readonly object[] | undefined,
): ChangeRequest;

/**
 * Replaces a part by JSON, adds it where there is none, or removes it with undefined. Also used for undo.
 *
 * @param json the part as in `experiments.config.json`
 */
export declare function replaceChange(part: DocumentPart, json: string | undefined): ChangeRequest;
