import { makeProject, type Project } from '../project.ts';

/** A specification with a shorthand, a switch with a rule, and an experiment. */
export const SPECIFICATION = `{
  "experiments": [
    "free_shipping:on",
    {
      "name": "checkout",
      "identity": "user.id",
      "variants": [{ "name": "short" }, { "name": "inactive" }, { "name": "long" }],
      "audiences": [
        {
          "rule": "user.plan == \\"pro\\"",
          "allocations": [
            { "variant": "short", "percent": 25 },
            { "variant": "inactive", "percent": 50 },
            { "variant": "long", "percent": 25 }
          ]
        },
        { "allocations": [{ "variant": "inactive", "percent": 100 }] }
      ]
    },
    {
      "name": "trade_prices",
      "identity": "user.id",
      "variants": [{ "name": "on" }, { "name": "off" }],
      "audiences": [
        {
          "rule": "user.plan == \\"team\\"",
          "allocations": [{ "variant": "on", "percent": 100 }]
        },
        { "allocations": [{ "variant": "off", "percent": 100 }] }
      ]
    }
  ]
}
`;

/** Creates a project with this specification and these files. */
export function shop(files: Readonly<Record<string, string>> = {}): Project {
  return makeProject({ 'experiments.config.json': SPECIFICATION, ...files });
}
