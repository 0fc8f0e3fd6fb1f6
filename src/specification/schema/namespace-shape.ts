import type { RawAnalysis } from '../metrics/raw-metric.ts';
import type { Sampling } from '../../planout/namespaces/segment-allocations.ts';
import type { ExposureMode } from '../types.ts';

/** The number of segments of a namespace that does not set `segments`. */
export const DEFAULT_SEGMENTS = 10_000;

/** The sampling of a namespace that does not set `sampling`. */
export const DEFAULT_SAMPLING: Sampling = 'full';

/** The parameter that holds the name of a unit's variant in experiments with variants. */
export const VARIANT_PARAMETER = 'variant';

/** A namespace that fits the JSON Schema, before defaults are filled in. */
export interface RawNamespace {
  name: string;
  unit: string | string[];
  segments?: number;
  sampling?: Sampling;
  inputs?: Record<string, string>;
  defaults?: Record<string, unknown>;
  experiments?: RawNamespaceExperiment[];
  history?: RawHistoryLine[];
  exposure?: ExposureMode;
  description?: string;
  owner?: string;
}

/** An experiment of a namespace, before defaults are filled in. */
export interface RawNamespaceExperiment {
  name: string;
  script?: unknown;
  variants?: { name: string; weight?: number; values: Record<string, unknown> }[];
  description?: string;
  analysis?: RawAnalysis;
}

/** A line of a history, before defaults are filled in. */
export interface RawHistoryLine {
  add?: string;
  segments?: number;
  experiment?: string;
  remove?: string;
  description?: string;
}
