import { parseExperiments } from '../../src/index.ts';
import { nunjucksExtension } from '../../src/views/index.ts';
import nunjucks from 'nunjucks';

const participant = parseExperiments(
  [
    {
      name: 'button',
      identity: 'random',
      variants: [{ name: 'bold' }, { name: 'round' }, { name: 'plain' }],
      audiences: [{ allocations: [{ variant: 'round', percent: 100 }] }],
    },
    'banner:on',
  ],
  { logger: false },
).participant();

/** The functions that the middleware sets on `res.locals`. */
const functions = {
  isVariant: participant.isVariant.bind(participant),
  isOn: participant.isOn.bind(participant),
  isOff: participant.isOff.bind(participant),
  variant: participant.variant.bind(participant),
};

/** Templates by name, in memory. */
class Templates extends nunjucks.Loader implements nunjucks.ILoader {
  private readonly templates: ReadonlyMap<string, string>;

  constructor(templates: Readonly<Record<string, string>>) {
    super();
    this.templates = new Map(Object.entries(templates));
  }

  getSource(path: string): nunjucks.LoaderSource {
    return { src: this.templates.get(path) ?? '', path, noCache: false };
  }
}

function environment(
  templates: Readonly<Record<string, string>> = {},
  options: nunjucks.ConfigureOptions = {},
): nunjucks.Environment {
  const env = new nunjucks.Environment(new Templates(templates), options);
  env.addExtension('evenhand', nunjucksExtension());
  return env;
}

function render(template: string, locals: object = {}): string {
  return environment().renderString(template, { ...functions, ...locals });
}

describe('nunjucksExtension', () => {
  describe('variant', () => {
    it('renders the first branch that names the participant’s variant', () => {
      const template =
        '{% variant "button", "bold" %}1{% elsevariant "plain", "round" %}2{% elsevariant "round" %}3{% else %}4{% endvariant %}';
      expect(render(template)).toBe('2');
    });

    it('renders the else branch if no branch names it', () => {
      const template =
        '{% variant "button", "bold" %}1{% elsevariant "plain" %}2{% else %}3{% endvariant %}';
      expect(render(template)).toBe('3');
    });

    it('renders nothing if no branch names it and there is no else branch', () => {
      const template =
        '[{% variant "button", "bold" %}1{% elsevariant "plain" %}2{% endvariant %}]';
      expect(render(template)).toBe('[]');
    });

    it('accepts any expressions, and a list as the only variant', () => {
      const locals = { name: 'button', wanted: ['bold', 'round'], options: { a: 'round' } };
      expect(render('{% variant name, wanted %}yes{% endvariant %}', locals)).toBe('yes');
      expect(render('{% variant name, ["plain", options.a] %}yes{% endvariant %}', locals)).toBe(
        'yes',
      );
      expect(
        render(
          '{% variant ("but" ~ "ton"), "plain", options["a"] | lower %}yes{% endvariant %}',
          locals,
        ),
      ).toBe('yes');
    });

    it('accepts lists among other variants', () => {
      const template = '{% variant "button", "bold", wanted, [] %}yes{% else %}no{% endvariant %}';
      expect(render(template, { wanted: ['plain', 'round'] })).toBe('yes');
      expect(render(template, { wanted: ['plain'] })).toBe('no');
      expect(render(template)).toBe('no');
    });

    it('is false for an unknown experiment', () => {
      expect(render('{% variant "none", "round" %}yes{% else %}no{% endvariant %}')).toBe('no');
    });

    it('nests in itself and in the tags of Nunjucks', () => {
      const template =
        '{% for i in [1, 2] %}{% variant "button", "round" %}{% if i == 1 %}a{% else %}' +
        '{% variant "button", "bold" %}-{% else %}b{% endvariant %}{% endif %}{% else %}-{% endvariant %}{% endfor %}';
      expect(render(template)).toBe('ab');
    });

    it('sets variables for the rest of the template, as an if tag does', () => {
      expect(
        render(
          '{% set x = 1 %}{% variant "button", "round" %}{% set x = 2 %}{% endvariant %}{{ x }}',
        ),
      ).toBe('2');
    });

    it('keeps autoescaping and its exceptions', () => {
      const template = '{% variant "button", "round" %}{{ text }}{{ text | safe }}{% endvariant %}';
      expect(render(template, { text: '<b>' })).toBe('&lt;b&gt;<b>');
    });

    it('keeps white space control', () => {
      const template =
        'a {%- variant "button", "bold" -%} x {%- elsevariant "round" -%} b {%- endvariant -%} c';
      expect(render(template)).toBe('abc');
    });

    it('works in blocks, included templates and imported macros', () => {
      const env = environment({
        'base.njk': '[{% block body %}{% endblock %}]',
        'part.njk': '{% variant "button", "round" %}part{% endvariant %}',
        'macros.njk':
          '{% macro m() %}{% variant "button", "round" %}macro{% endvariant %}{% endmacro %}',
        'page.njk':
          '{% extends "base.njk" %}{% block body %}{% from "macros.njk" import m with context %}' +
          '{% variant "button", "round" %}{% include "part.njk" %} {{ m() }}{% endvariant %}{% endblock %}',
      });
      expect(env.render('page.njk', functions)).toBe('[part macro]');
    });

    it('works with asynchronous parts', (done) => {
      const env = environment();
      env.addFilter(
        'later',
        (text: string, callback: (error: null, text: string) => void) => {
          setImmediate(() => callback(null, `${text}!`));
        },
        true,
      );
      const template =
        '{% variant "button", "round" %}{{ "a" | later }}{% else %}b{% endvariant %}';
      env.renderString(template, functions, (error, text) => {
        expect([error, text]).toEqual([null, 'a!']);
        done();
      });
    });
  });

  describe('switchon and switchoff', () => {
    it('render the branch or the else branch', () => {
      expect(
        render(
          '{% switchon "banner" %}on{% else %}-{% endswitchon %} {% switchoff "banner" %}-{% else %}on{% endswitchoff %}',
        ),
      ).toBe('on on');
    });

    it('show an unknown switch as off', () => {
      expect(
        render(
          '[{% switchon "none" %}on{% endswitchon %}{% switchoff "none" %}off{% endswitchoff %}]',
        ),
      ).toBe('[off]');
    });
  });

  describe('errors', () => {
    it.each([
      [
        '{% variant "button" %}{% endvariant %}',
        'expected the experiment and at least one variant',
      ],
      ['{% variant %}{% endvariant %}', 'expected the experiment and at least one variant'],
      ['{% variant "button" "bold" %}{% endvariant %}', 'expected arguments separated by commas'],
      [
        '{% variant "button", "bold", x=1 %}{% endvariant %}',
        'expected arguments separated by commas',
      ],
      [
        '{% variant "button", "bold" %}{% elsevariant %}{% endvariant %}',
        'expected at least one variant',
      ],
      ['{% variant "button", "bold" %}', 'expected {% endvariant %}, not the end of the template'],
      ['{% variant "button", "bold" %}{% else %}', 'expected {% endvariant %}, not the end'],
      [
        '{% variant "button", "bold" %}{% elsevariant "round" %}',
        'variant: expected {% endvariant %}',
      ],
      [
        '{% variant "b", "a" %}{% else %}{% elsevariant "c" %}{% endvariant %}',
        'unknown block tag: elsevariant',
      ],
      ['{% switchon %}{% endswitchon %}', "expected only the switch's name"],
      [
        '{% switchoff "banner", "on" %}{% endswitchoff %}',
        'expected only the switch\'s name: {% switchoff "name" %}',
      ],
      ['{% switchon "banner" %}{% endswitchoff %}', 'unknown block tag: endswitchoff'],
    ])('name the line of %s', (template, message) => {
      const page = `first line\n  ${template}`;
      expect(() => render(page)).toThrow(message);
      expect(() => render(page)).toThrow(/\[Line 2, Column \d+\]/);
    });

    it('name the template, the line and the remedy if the view has no request functions', () => {
      const env = environment({ 'page.njk': '\n\n{% variant "button", "bold" %}{% endvariant %}' });
      expect(() => env.render('page.njk', {})).toThrow(
        /page\.njk\) \[Line 3, Column 4\]\s+Error: Unable to call `isVariant \(put app\.use\(evenhand\(\)\) before the route/,
      );
    });

    it('contain the error of the decision, with the line', () => {
      const isVariant = () => {
        throw new Error('no identity');
      };
      expect(() =>
        render('\n{% variant "button", "bold" %}{% endvariant %}', { isVariant }),
      ).toThrow(/\[Line 2, Column 4\]\s+Error: no identity/);
    });
  });
});
