import { jestPreset } from './presets/jest.mjs'

export default jestPreset()
