import cookieParser from 'cookie-parser';
import type { Request, Response } from 'express';
import * as fc from 'fast-check';
import { parseExperiments } from '../../src/assignment/parse-experiments.ts';
import { readCookie } from '../../src/express/cookies/read-cookies.ts';
import { parseOverrides } from '../../src/express/cookies/override-cookie.ts';
import { TrackingCookie } from '../../src/express/cookies/tracking-cookie.ts';
import { onceLogger, safeLogger } from '../../src/runtime/logger.ts';
import { compileScript } from '../../src/planout/language/compile-script.ts';
import { Interpreter } from '../../src/planout/script/interpreter.ts';
import { compileRule } from '../../src/rules/compile/compile.ts';
import { traceRule } from '../../src/rules/trace.ts';
import { contextWarnings } from '../../src/specification/context/context-checks.ts';
import { atOnce } from '../../src/runtime/steps.ts';
import { textsSteps } from '../../src/specification/parse-texts.ts';
import { cookieHeaders, overrideTexts, trackingKeys } from '../generators/cookies.ts';
import { oddJson, oddObjects, withNames } from '../generators/odd-values.ts';
import { scriptJson, scriptSources } from '../generators/planout-scripts.ts';
import {
  namespaces,
  plausibleSpecifications,
  specifications,
} from '../generators/specifications.ts';
import { typedRules } from '../generators/typed-rules.ts';
import { trees, write } from '../rules/reference/random-rules.ts';
import { Harmless } from './harmless.ts';
import { anyText } from '../generators/any-text.ts';

const names = fc.constantFrom('n', 'half', 'yes', 'none', 'text', 'list', 'pairs', 'user', 'x');

/** Contexts with arbitrary values and with values that rules expect. */
const contexts = fc
  .array(fc.tuple(names, fc.oneof(oddJson, oddObjects)), { maxLength: 8 })
  .map((entries) => withNames([['user', { id: 7, plan: 'pro' }], ...entries]));

/** Evaluates every decision of a participant. */
function decisionsOf(config: unknown, context: object): unknown {
  const snapshot = parseExperiments(config, {
    logger: false,
    random: () => 0.5,
    onError: 'fallback',
  });
  const participant = snapshot.participant(context);
  return [
    participant.variants(),
    snapshot.experiments.map(({ name }) => participant.explain(name)),
    snapshot.namespaces.map(({ name }) => {
      const space = participant.namespace(name);
      return [space.getParams(), space.explain()];
    }),
    contextWarnings(config),
  ];
}

describe('any input gives the same result twice, throws only EvenhandErrors and changes no built-in object', () => {
  const harmless = () => new Harmless();

  it('for rules in arbitrary contexts', () => {
    const { seen, ...rest } = runAll(
      fc.tuple(fc.oneof(typedRules, trees).map(write), contexts),
      ([rule, context]) => {
        const compiled = compileRule(rule);
        const { clauses } = traceRule(rule, context);
        return [clauses, compiled(context)];
      },
      4000,
    );
    expect(rest).toEqual({});
    expect(seen.get('fine')).toBeGreaterThan(300);
  });

  it('for arbitrary text as a rule', () => {
    const { seen } = runAll(
      fc.oneof(anyText(), fc.string()),
      (rule) => compileRule(rule)({}),
      4000,
    );
    expect(seen.get('syntax')).toBeGreaterThan(1000);
  });

  it('for specifications in memory', () => {
    const { seen } = runAll(
      fc.tuple(specifications, contexts),
      ([config, context]) => decisionsOf(config, context),
      3000,
    );
    expect(seen.get('fine')).toBeGreaterThan(200);
    expect(seen.get('spec')).toBeGreaterThan(200);
  });

  it('for specifications as text', () => {
    const texts = fc
      .tuple(plausibleSpecifications, fc.nat(), fc.nat(20), fc.string({ maxLength: 3 }))
      .map(([config, where, length, text]) => {
        const json = JSON.stringify(config, null, 1);
        const at = where % (json.length + 1);
        return json.slice(0, at) + text + json.slice(at + length);
      });
    const { seen } = runAll(
      texts,
      (text) => atOnce(textsSteps([{ text, origin: 'file.json' }], 'file.json')).experiments,
      3000,
    );
    expect(seen.get('json')).toBeGreaterThan(200);
    expect(seen.get('spec')).toBeGreaterThan(200);
  });

  it('for namespaces', () => {
    const { seen } = runAll(
      fc.tuple(namespaces, contexts),
      ([namespace, context]) =>
        decisionsOf({ experiments: [], namespaces: [namespace] }, { country: 'CA', ...context }),
      2000,
    );
    expect(seen.get('fine')).toBeGreaterThan(20);
    expect(seen.get('spec')).toBeGreaterThan(200);
  });

  it('for PlanOut scripts', () => {
    const inputs = { userid: 7, list: [3, 1, 2], text: 'abc' };
    const { seen } = runAll(
      fc.oneof(scriptSources, scriptJson),
      (script) => {
        const interpreter = new Interpreter(script, { inputs });
        return [interpreter.getParams(), interpreter.inExperiment];
      },
      4000,
    );
    expect(seen.get('fine')).toBeGreaterThan(300);
    expect(seen.get('script')).toBeGreaterThan(300);
    expect(seen.get('operator')).toBeGreaterThan(20);
  });

  it('for PlanOut source text, whose JSON survives writing and reading', () => {
    runAll(
      scriptSources,
      (source) => {
        const json = compileScript(source);
        expect(JSON.parse(JSON.stringify(json))).toEqual(json);
        return json;
      },
      2000,
    );
  });

  it('for override cookies, which yield names without white space', () => {
    runAll(
      overrideTexts,
      (text) => {
        const overrides = [...parseOverrides(text)];
        for (const part of overrides.flat()) expect(part).not.toMatch(/[ \t\r\n]/);
        return overrides;
      },
      4000,
    );
  });

  it('for tracking cookies, which yield a valid key or a new one', () => {
    const cookie = new TrackingCookie(
      {
        name: '__cwtk',
        maxAgeMs: 1000,
        httpOnly: true,
        sameSite: 'lax',
        path: '/',
        domain: undefined,
        secure: undefined,
        signed: false,
        when: 'needed',
        renew: true,
        consent: undefined,
      },
      onceLogger(safeLogger(false)),
    );
    let kept = 0;
    runAll(
      trackingKeys,
      (key) => {
        const req = requestWith(`__cwtk=${key}`);
        const used = cookie.keyOf(req);
        expect(used).toMatch(/^(?![=+@])[\w.!#$%()*+/:=?@[\]^{|}~-]{1,256}$/);
        expect(cookie.keyOf(req)).toBe(used);
        if (!cookie.isKept(req)) return 'new';
        kept++;
        return used;
      },
      4000,
    );
    expect(kept).toBeGreaterThan(1000);
  });

  it('for whole Cookie headers, with and without cookie-parser', () => {
    const parse = cookieParser();
    runAll(
      cookieHeaders,
      (header) => {
        const [alone, parsed] = [requestWith(header), requestWith(header)];
        parse(parsed, {} as Response, () => {});
        return ['__cw', '__cwtk', 'constructor', 'theme'].map((name) => {
          const text = readCookie(alone, name);
          expect(text).toBe(readCookie(parsed, name));
          expect(['string', 'undefined']).toContain(typeof text);
          return text;
        });
      },
      4000,
    );
  });

  /** Checks `numRuns` inputs and counts their results by kind. */
  function runAll<T>(inputs: fc.Arbitrary<T>, run: (input: T) => unknown, numRuns: number) {
    const checked = harmless();
    fc.assert(
      fc.property(inputs, (input) => {
        checked.check(() => run(input));
      }),
      { numRuns },
    );
    checked.checkBuiltIns();
    return { seen: checked.seen };
  }
});

function requestWith(cookie: string): Request {
  return { headers: { cookie }, secure: false } as Request;
}
