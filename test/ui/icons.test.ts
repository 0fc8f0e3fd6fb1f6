import { icon } from '../../src/ui/icons.ts';

describe('icon', () => {
  it('is hidden from assistive technology, unless it has a label', () => {
    expect(icon('check').text).toMatch(
      /^<svg class="icon" viewBox="0 0 16 16" aria-hidden="true">/,
    );
    const labelled = icon('cross', '"close" <x>').text;
    expect(labelled).toContain('role="img" aria-label="&quot;close&quot; &lt;x&gt;"');
    expect(labelled).not.toContain('aria-hidden');
  });
});
