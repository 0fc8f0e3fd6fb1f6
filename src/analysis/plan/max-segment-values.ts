/** The most values of a segment that a statement returns: those with the most units. */
export const MAX_SEGMENT_VALUES = 100;
