import * as fc from 'fast-check';
import { html } from '../../src/ui/html.ts';
import { anyText } from '../generators/any-text.ts';

describe('html', () => {
  it('escapes values in text and in attributes', () => {
    const hostile = `"><script>alert('x')</script>&amp;`;
    expect(html`<p title="${hostile}">${hostile}</p>`.text).toBe(
      '<p title="&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;amp;">' +
        '&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;&amp;amp;</p>',
    );
  });

  it('inserts HTML unchanged, alone and in lists', () => {
    const items = ['a', '<b>'].map((item) => html`<li>${item}</li>`);
    expect(
      html`<ul>
        ${items}
      </ul>`.text.replaceAll(/\s/g, ''),
    ).toBe('<ul><li>a</li><li>&lt;b&gt;</li></ul>');
    expect(html`${html`<br />`}${3}`.text).toBe('<br />3');
  });

  it('neutralizes markup, direction marks and control characters', () => {
    fc.assert(
      fc.property(anyText(), (text) => {
        const shown = html`${text}`.text;
        expect(shown.replaceAll(/[\n\t]/g, '')).not.toMatch(
          /[<>"'\p{Cc}\u061c\u202a-\u202e\u2066-\u2069]/u,
        );
        expect(shown.replaceAll(/&(amp|lt|gt|quot|#39);/g, '')).not.toContain('&');
      }),
    );
    expect(html`${'a\u202eb\u0000c\u061cd'}`.text).toBe('a\ufffdb\ufffdc\ufffdd');
  });
});
