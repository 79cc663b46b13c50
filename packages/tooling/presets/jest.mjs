import { fileURLToPath } from 'node:url'

const here = (path) => fileURLToPath(new URL(path, import.meta.url))
const swc = fileURLToPath(import.meta.resolve('@swc/jest'))

/**
 * One Jest configuration for every package: native ESM, TypeScript by swc, workspace packages
 * read from their sources (the `@org/source` export condition), unexpected console output fails.
 * `client`: the contracts check as they do in a browser, with their own parser (the condition `@org/client`), not with zod.
 * @param {{ environment?: 'node' | 'jsdom', client?: boolean, setupFilesAfterEnv?: string[], testTimeout?: number }} options
 */
export function jestPreset({ environment = 'node', client = false, setupFilesAfterEnv = [], testTimeout = 60_000 } = {}) {
  const jsdom = environment === 'jsdom'
  return {
    rootDir: process.cwd(),
    testEnvironment: jsdom ? here('./jsdomEnvironment.mjs') : 'node',
    testEnvironmentOptions: {
      customExportConditions: ['@org/source', ...(client ? ['@org/client'] : []), ...(jsdom ? ['browser'] : ['node', 'node-addons'])],
    },
    testMatch: ['<rootDir>/src/**/*.test.{ts,tsx}', '<rootDir>/test/**/*.test.{ts,tsx}'],
    extensionsToTreatAsEsm: ['.ts', '.tsx'],
    transform: {
      '\\.tsx?$': [
        swc,
        {
          jsc: { parser: { syntax: 'typescript', tsx: true }, target: 'es2022', transform: { react: { runtime: 'automatic' } } },
          module: { type: 'es6' },
        },
      ],
    },
    transformIgnorePatterns: ['/node_modules/'],
    moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1', '\\.css$': here('./emptyModule.mjs') },
    setupFilesAfterEnv: [here('./failOnConsole.mjs'), ...setupFilesAfterEnv],
    testTimeout,
  }
}
