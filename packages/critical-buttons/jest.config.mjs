import { jestPreset } from '@org/tooling/jest'

export default jestPreset({ environment: 'jsdom', setupFilesAfterEnv: ['<rootDir>/test/setup.ts'] })
