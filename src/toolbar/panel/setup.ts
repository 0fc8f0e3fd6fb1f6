import type { ToolbarOptions } from '../options.ts';

/** The panel's surroundings, besides the view. All addresses are relative to the page. */
export interface PanelSetup {
  readonly position: NonNullable<ToolbarOptions['position']>;
  readonly stylesheet: string;
  /** Undefined if the page's policy allows no script. */
  readonly script: string | undefined;
  readonly nonce: string | undefined;
  /**
   * The address for POST: fields `set` (`name:variant`), `unset` (name), `clear`, `back` (path), `open` (row).
   * `open` alone changes no override; the row's details follow in the next page. Undefined if overrides are
   * off, or the page's policy allows no forms.
   */
  readonly overrideAction: string | undefined;
  /** The address for POST that shows a share link; undefined if sharing is off. */
  readonly shareAction: string | undefined;
  /** A share link that was just made, and its expiry as ISO time. */
  readonly shared:
    { readonly link: string; readonly until: string; readonly forces: number } | undefined;
  /** The path that forms return to. */
  readonly back: string;
  readonly dashboard: string | undefined;
  /** The row that was open before the redirect: a name, or `*` for the panel alone; undefined if it was closed. */
  readonly open: string | undefined;
}
