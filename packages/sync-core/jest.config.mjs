import { jestPreset } from '@org/tooling/jest'

export default jestPreset({ client: true })
