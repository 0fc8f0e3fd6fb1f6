import { html, type Html } from '../../ui/html.ts';
import type { ViewedExposure } from '../view/toolbar-view.ts';
import { sentence, when } from './markup.ts';

/** Renders what became of an exposure, and the calls that asked. */
export function recordLine(exposure: ViewedExposure, calls: readonly string[]): Html {
  const recorded = exposure.recorded
    ? html`Exposure
      recorded${exposure.overridden ? '; results leave it out, because the variant is forced' : ''}.`
    : html`Exposure not recorded: ${sentence(exposure.why)}.`;
  const asked = calls.map((call, i) => html`${i === 0 ? '' : ', '}<code>${call}</code>`);
  return html`<p class="tiny quiet">
    ${recorded}${when(calls.length > 0, () => html` Asked by ${asked}.`)}
  </p>`;
}
