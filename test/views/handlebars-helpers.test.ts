import { parseExperiments } from '../../src/index.ts';
import { handlebarsHelpers } from '../../src/views/index.ts';
import Handlebars from 'handlebars';

const participant = parseExperiments(
  [
    {
      name: 'button',
      identity: 'random',
      variants: [{ name: 'bold' }, { name: 'plain' }],
      audiences: [{ allocations: [{ variant: 'bold', percent: 100 }] }],
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

function environment(): typeof Handlebars {
  const handlebars = Handlebars.create();
  handlebars.registerHelper(handlebarsHelpers());
  return handlebars;
}

function render(template: string, locals: object = {}, options: CompileOptions = {}): string {
  return environment().compile(template, options)({ ...functions, ...locals });
}

/** Returns the error of rendering a template. */
function errorOf(template: string, locals: object = functions, options: CompileOptions = {}) {
  try {
    environment().compile(template, options)(locals);
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('handlebarsHelpers', () => {
  describe('variant', () => {
    it('renders the block for any of the named variants', () => {
      expect(render('{{#variant "button" "plain" "bold"}}yes{{else}}no{{/variant}}')).toBe('yes');
    });

    it('renders the else block for others', () => {
      expect(render('{{#variant "button" "plain"}}yes{{else}}no{{/variant}}')).toBe('no');
    });

    it('renders nothing for others without an else block', () => {
      expect(render('[{{#variant "button" "plain"}}yes{{/variant}}]')).toBe('[]');
    });

    it('renders an inverted block for others', () => {
      expect(render('{{^variant "button" "plain"}}no{{/variant}}')).toBe('no');
    });

    it('accepts names and lists of variants from the context', () => {
      const locals = { name: 'button', wanted: ['plain', 'bold'] };
      expect(render('{{#variant name wanted}}yes{{/variant}}', locals)).toBe('yes');
    });

    it('treats an empty list as no variant, in a block and inline', () => {
      const template =
        '{{#variant "button" none}}yes{{else}}no{{/variant}} {{variant "button" none}}';
      expect(render(template, { none: [] })).toBe('no false');
    });

    it('keeps the context of the surrounding loop, and escapes as usual', () => {
      const template =
        '{{#each items}}{{#variant "button" "bold"}}{{this}}{{@index}}{{/variant}}{{/each}}';
      expect(render(template, { items: ['a', '<'] })).toBe('a0&lt;1');
    });

    it('works in a partial with its own context', () => {
      const handlebars = environment();
      handlebars.registerPartial('part', '{{#variant "button" "bold"}}{{name}}{{/variant}}');
      const template = handlebars.compile('{{> part item}}{{> part name="b"}}');
      expect(template({ ...functions, item: { name: 'a' } })).toBe('ab');
    });

    it('returns the variant inline', () => {
      expect(render('{{variant "button"}}')).toBe('bold');
    });

    it('returns true or false in a subexpression', () => {
      const template =
        '{{#if (variant "button" "bold")}}yes{{/if}}{{#if (variant "button" "plain")}}no{{/if}}';
      expect(render(template)).toBe('yes');
    });

    it('is false for an unknown experiment', () => {
      expect(render('{{#variant "no_such_test" "bold"}}yes{{else}}no{{/variant}}')).toBe('no');
    });

    it.each([
      ['no variants', '{{#variant "button"}}{{/variant}}', /needs at least one variant/],
      [
        'a variant that is not a string',
        '{{#variant "button" 7}}{{/variant}}',
        /not a value of type number/,
      ],
      ['a variant that is missing', '{{#variant "button" nowhere}}{{/variant}}', /not undefined/],
      [
        'a missing name',
        '{{#variant}}{{/variant}}',
        /needs the experiment's name as a string, not undefined/,
      ],
      [
        'a name that is not a string',
        '{{#variant none "a"}}{{/variant}}',
        /not a value of type object/,
      ],
    ])('throws OptionError for %s', (_name, template, message) => {
      expect(errorOf(template, { ...functions, none: [] })).toMatchObject({
        name: 'OptionError',
        code: 'option',
        message: expect.stringMatching(message),
      });
    });

    it('throws the error of the decision', () => {
      const failure = new Error('no identity');
      const isVariant = () => {
        throw failure;
      };
      expect(errorOf('{{#variant "button" "bold"}}{{/variant}}', { isVariant })).toBe(failure);
    });
  });

  describe('switchon and switchoff', () => {
    it('render the block or the else block', () => {
      const template =
        '{{#switchon "banner"}}on{{else}}-{{/switchon}} {{#switchoff "banner"}}-{{else}}on{{/switchoff}}';
      expect(render(template)).toBe('on on');
    });

    it('show an unknown switch as off', () => {
      expect(
        render('[{{#switchon "none"}}on{{/switchon}}{{#switchoff "none"}}off{{/switchoff}}]'),
      ).toBe('[off]');
      expect(render('{{switchon "none"}} {{switchoff "none"}}')).toBe('false true');
    });

    it('return true or false in a subexpression', () => {
      expect(
        render('{{#if (switchon "banner")}}on{{/if}}{{#unless (switchoff "banner")}}!{{/unless}}'),
      ).toBe('on!');
    });

    it('throw OptionError for further arguments', () => {
      expect(errorOf('{{#switchon "banner" "on"}}{{/switchon}}')).toMatchObject({
        code: 'option',
        message:
          'Handlebars helper "switchon" takes only the switch\'s name: {{#switchon "banner"}}',
      });
    });
  });

  describe('scriptJson', () => {
    it('prints JSON that is safe in a script and is not escaped for HTML', () => {
      expect(render('{{scriptJson page}}', { page: { a: '</script>"' } })).toBe(
        '{"a":"\\u003c/script\\u003e\\""}',
      );
    });

    it('prints null for a missing value', () => {
      expect(render('{{scriptJson nowhere}} {{scriptJson}}')).toBe('null null');
    });
  });

  it.each([
    ['{{#variant "button" "bold"}}{{/variant}}', 'isVariant'],
    ['{{variant "button"}}', 'variant'],
    ['{{#switchon "banner"}}{{/switchon}}', 'isOn'],
    ['{{#switchoff "banner"}}{{/switchoff}}', 'isOn'],
  ])('throw NotMountedError if the view has no request functions: %s', (template, name) => {
    for (const locals of [{}, { [name]: 'taken' }]) {
      expect(errorOf(template, locals)).toMatchObject({
        name: 'NotMountedError',
        code: 'not-mounted',
        message: expect.stringContaining(`the view has no ${name}()`),
      });
    }
  });

  it('throw OptionError if the template was compiled without data', () => {
    const template = '{{#variant "button" "bold"}}{{/variant}}';
    expect(errorOf(template, functions, { data: false })).toMatchObject({
      code: 'option',
      message: expect.stringContaining('data: false'),
    });
  });

  it('throw OptionError if Handlebars does not call them', () => {
    expect(() => handlebarsHelpers().variant('button')).toThrow(/not called by Handlebars/);
  });
});
