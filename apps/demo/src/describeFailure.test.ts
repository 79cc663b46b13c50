import { expect, it } from '@jest/globals'
import { DatabaseError } from '@org/api'
import { describeFailure } from './describeFailure.js'

it('names the setting that chooses another data directory', () => {
  const error = new DatabaseError('DATA_DIRECTORY_IN_USE', 'The data directory is open. Stop that process, or choose another directory.')
  expect(describeFailure(error)).toBe(`${error.message} For example: DEMO_DATA_DIR=.data-2 npm start`)
})
