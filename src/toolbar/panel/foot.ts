import { html, type Html } from '../../ui/html.ts';
import { icon } from '../../ui/icons.ts';
import type { ToolbarView } from '../view/toolbar-view.ts';
import { form } from './forms.ts';
import { count, timeOf, when } from './markup.ts';
import type { PanelSetup } from './setup.ts';

/** Renders the panel's foot: the share link that was just made, and the actions on the whole view. */
export function panelFoot(view: ToolbarView, setup: PanelSetup): Html {
  const { shareAction, overrideAction, dashboard } = setup;
  const forced = view.forced.length;
  return html`${shareBox(setup)}
    <div class="foot">
      ${
        shareAction === undefined
          ? ''
          : form(
              shareAction,
              setup,
              '*',
              html`<button class="button" ${forced === 0 ? html`disabled=""` : ''}>
                ${icon('link')}Share this view
              </button>`,
            )
      }${when(forced > 0, () =>
        form(
          overrideAction,
          setup,
          '*',
          html`<button class="button bare" name="clear" value="1">Clear all</button>`,
        ),
      )}<span class="grow"></span
      ><button
        class="button bare scripted"
        type="button"
        data-hide=""
        title="Hides the toolbar in this tab; Alt+Shift+E shows it again"
      >
        Hide</button
      >${
        dashboard === undefined ? '' : html`<a class="tiny quiet" href="${dashboard}">Dashboard</a>`
      }
    </div>`;
}

function shareBox({ shared }: PanelSetup): Html | '' {
  if (shared === undefined) return '';
  const variants = count(shared.forces, 'variant');
  return html`<div class="share">
    <label class="tiny quiet" for="link"
      >This link forces ${variants} until ${timeOf(shared.until)}.</label
    >
    <div class="line">
      <input class="input" id="link" readonly="" autofocus="" value="${shared.link}" /><button
        class="button scripted"
        type="button"
        data-copy="link"
      >
        ${icon('copy')}<span aria-live="polite">Copy</span>
      </button>
    </div>
    <p class="tiny quiet">Visitors confirm first. The link reveals nothing else about you.</p>
  </div>`;
}
