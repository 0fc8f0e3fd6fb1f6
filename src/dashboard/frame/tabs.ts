/** The tabs of the header, in their order. */
export const TABS = [
  'experiments',
  'switches',
  'history',
  'clean-up',
  'try',
  'independence',
  'segments',
  'namespaces',
] as const;

/** A tab of the header. */
export type Tab = (typeof TABS)[number];
