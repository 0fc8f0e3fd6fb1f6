import { button, linkButton } from '../../../src/ui/controls/buttons.ts';
import { chips, tag } from '../../../src/ui/controls/chips.ts';
import { field, searchField } from '../../../src/ui/controls/fields.ts';
import { partlyOn, switchControl } from '../../../src/ui/controls/switches.ts';

/** Attributes and texts with everything that could end them. */
const HOSTILE = `"><script>'&\u202e`;
const SHOWN = '&quot;&gt;&lt;script&gt;&#39;&amp;\ufffd';

const squeeze = ({ text }: { readonly text: string }) =>
  text
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/ ?(\/?>) ?/g, '$1')
    .replaceAll(' </', '</');

describe('button', () => {
  it('sends its field with the form', () => {
    expect(squeeze(button('Ramp to 40%', { look: 'main', name: 'to', value: '40' }))).toBe(
      '<button class="button main" name="to" value="40">Ramp to 40%</button>',
    );
    expect(squeeze(button('Undo', { isDisabled: true }))).toBe(
      '<button class="button" disabled>Undo</button>',
    );
  });

  it('draws an icon before its text, also as a link', () => {
    expect(button('Undo', { icon: 'undo' }).text).toMatch(/<svg class="icon".*Undo/s);
    expect(squeeze(linkButton('Edit', '?a=1&b', { look: 'bare' }))).toBe(
      '<a class="button bare" href="?a=1&amp;b">Edit</a>',
    );
  });
});

describe('chips', () => {
  it('marks the filter in force and alarms', () => {
    const { text } = chips('Filter', [
      { text: 'All', href: '?', count: '38', isCurrent: true },
      { text: 'Split is off', href: '?state=alarm', isAlarm: true },
    ]);
    expect(text.match(/aria-current="(true|false)"/g)).toEqual([
      'aria-current="true"',
      'aria-current="false"',
    ]);
    expect(text).toMatch(/class="chip bad"\s+href="\?state=alarm"/);
  });
});

describe('field', () => {
  it('ties its label and its problem to the input', () => {
    const { text } = field({ label: 'Reason', name: 'why', value: 'x', problem: 'is missing' });
    expect(text).toContain('<label for="why">Reason</label>');
    expect(text).toContain('aria-invalid="true" aria-describedby="why-problem"');
    expect(text).toMatch(/id="why-problem"[^>]*>.*is missing/s);
  });

  it('keeps all lines of a value, also an empty first one', () => {
    const { text } = field({ label: 'JSON', name: 'json', type: 'lines', value: '\n{}' });
    expect(text).toContain('>\n\n{}</textarea');
  });

  it('can be read only, with an example', () => {
    const { text } = field({ label: 'Link', name: 'link', isReadOnly: true, placeholder: 'a' });
    expect(squeeze({ text })).toContain('placeholder="a" readonly');
    expect(text).not.toContain('aria-invalid');
  });
});

describe('switchControl', () => {
  it('shows its state as text beside it', () => {
    const control = { label: 'free_shipping', name: 'flip', value: 'free_shipping' };
    const on = switchControl({ ...control, isOn: true }).text;
    expect(on).toMatch(/>on<.*role="switch"\s+aria-checked="true"\s+aria-label="free_shipping"/s);
    const off = switchControl({ ...control, isOn: false, isDisabled: true }).text;
    expect(off).toMatch(/>off<.*aria-checked="false".*disabled/s);
  });

  it('has no knob if it is on for some', () => {
    const { text } = partlyOn('new_search', '50%', 'new_search/edit');
    expect(text).not.toContain('role="switch"');
    expect(text).toMatch(/50%.*href="new_search\/edit".*Change….*new_search/s);
  });
});

describe('all controls', () => {
  it('show hostile texts as text', () => {
    const parts = [
      button(HOSTILE, { name: HOSTILE, value: HOSTILE }),
      linkButton(HOSTILE, HOSTILE),
      chips(HOSTILE, [{ text: HOSTILE, href: HOSTILE, count: HOSTILE }]),
      tag(HOSTILE, 'warn', 'clock'),
      field({ label: HOSTILE, name: HOSTILE, value: HOSTILE, problem: HOSTILE }),
      field({ label: HOSTILE, name: HOSTILE, value: HOSTILE, type: 'lines' }),
      searchField(HOSTILE, HOSTILE, HOSTILE),
      switchControl({ label: HOSTILE, isOn: true, name: HOSTILE, value: HOSTILE }),
      partlyOn(HOSTILE, HOSTILE, HOSTILE),
    ];
    for (const { text } of parts) {
      expect(text).not.toMatch(/<script|\u202e/);
      expect(text).toContain(SHOWN);
    }
  });
});
