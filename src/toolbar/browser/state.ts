/** The state of the panel, which survives navigations of the tab. */
export interface PanelState {
  /** True if the viewer has hidden the toolbar in this tab. */
  gone: boolean;
  open: boolean;
  /** The names of open rows and sections. */
  rows: string[];
  /** The scroll position in pixels. */
  top: number;
}

const KEY = 'evenhand-toolbar';

/** Reads the state. A page without storage, or with a foreign value there, has none. */
export function readState(): PanelState {
  const state: PanelState = { gone: false, open: false, rows: [], top: 0 };
  try {
    const found: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? '{}');
    const { gone, open, rows, top } = found as Partial<PanelState>;
    state.gone = gone === true;
    state.open = open === true;
    if (Array.isArray(rows)) state.rows = rows.map(String);
    state.top = Number(top) || 0;
  } catch {
    // Storage can be forbidden.
  }
  return state;
}

/** Writes the state, if the page has storage. */
export function writeState(state: PanelState): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(state));
  } catch {
    // Storage can be forbidden or full.
  }
}
