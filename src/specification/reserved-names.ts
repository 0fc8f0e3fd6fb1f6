/**
 * The name by which rules read the instant of a decision, a Date. A context value of the application with
 * this name wins.
 */
export const NOW = 'now';
