// The name of a test file says when it runs:
//
// - `name.test.ts` runs in `npm test`, which needs Node and about two minutes, and nothing else.
// - `name.slow.test.ts` takes longer: faults, fuzzing, randomness, load, thousands of cases.
// - `name.server.test.ts` needs a server, such as PostgreSQL, and `name.chromium.test.ts` needs Chromium.
//
// `npm run test:all` runs all of them, and at the end names what it skipped. It also makes every run of
// the property-based tests; `npm test` makes a tenth of them (test/runs.ts).
import { availableParallelism } from 'node:os';

const everything = process.env.EVENHAND_TEST === 'all';

export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testPathIgnorePatterns: everything ? [] : ['\\.(slow|server|chromium)\\.test\\.ts$'],
  // Many tests wait for timers and files, so one worker more than cores does not slow the others down.
  maxWorkers: availableParallelism() + 1,
  // Work is counted, not timed, so a busy machine may take its time.
  testTimeout: everything ? 600_000 : 120_000,
  reporters: ['default', ...(everything ? ['<rootDir>/scripts/skipped-reporter.mjs'] : [])],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { target: 'es2022', parser: { syntax: 'typescript' } },
        sourceMaps: 'inline',
      },
    ],
  },
  coverageProvider: 'v8',
  // `npm run coverage` counts it with the fast tests. That takes several times as long, so it is not part of
  // each check. Threads and child processes are not counted.
  collectCoverageFrom: [
    'src/**/*.ts',
    '!src/**/*.generated.ts',
    '!src/**/*.d.ts',
    '!src/toolbar/browser/**',
    '!src/dashboard/browser/**',
  ],
  coverageReporters: ['text-summary', 'lcov'],
  coverageThreshold: { global: { lines: 96, branches: 94, functions: 95 } },
  moduleNameMapper: {
    '^evenhand$': '<rootDir>/src/index.ts',
    '^evenhand/(planout|views|testing|analysis|toolbar|dashboard)$': '<rootDir>/src/$1/index.ts',
    '^evenhand/(opentelemetry|postgres|redis|nats|kafka)$':
      '<rootDir>/src/integrations/$1/index.ts',
  },
};
