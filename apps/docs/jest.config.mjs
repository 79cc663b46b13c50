import { jestPreset } from '@org/tooling/jest'

const preset = jestPreset()

export default {
  ...preset,
  moduleNameMapper: {
    // A real file of libphonenumber-js, which the preset's rule for our own imports would take for its .json.
    '^(\\.{1,2}/.*\\.json\\.js)$': '$1',
    ...preset.moduleNameMapper,
  },
}
