import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { jestPreset } from '@org/tooling/jest'

const require = createRequire(import.meta.url)
const folder = (name) => dirname(require.resolve(`${name}/package.json`))
const { testTimeout, ...base } = jestPreset({ environment: 'jsdom', client: true, setupFilesAfterEnv: ['<rootDir>/test/setup.ts'] })

/** Everything on the React that is installed; what depends on React's behaviour also on the oldest one supported. */
export default {
  testTimeout,
  projects: [
    { ...base, displayName: 'react 19', globals: { EXPECTED_REACT: '19' }, testPathIgnorePatterns: ['<rootDir>/test/browser/'] },
    {
      ...base,
      displayName: 'react 18',
      globals: { EXPECTED_REACT: '18' },
      testMatch: ['<rootDir>/test/scenarios/**/*.test.tsx', '<rootDir>/src/critical-button/**/*.test.tsx'],
      moduleNameMapper: {
        ...base.moduleNameMapper,
        '^react$': `${folder('react-18')}/index.js`,
        '^react/(jsx-runtime|jsx-dev-runtime)$': `${folder('react-18')}/$1.js`,
        '^react-dom$': `${folder('react-dom-18')}/index.js`,
        '^react-dom/client$': `${folder('react-dom-18')}/client.js`,
        '^react-dom/server$': `${folder('react-dom-18')}/server.browser.js`,
        '^react-dom/test-utils$': `${folder('react-dom-18')}/test-utils.js`,
      },
    },
  ],
}
