/** The tool under test: its modules, or with TEST_BUNDLE=yes the bundle that is published. */
import {createRequire} from 'node:module'
import type * as Start from '../../src/start.js'

const {loadTool}: typeof Start =
  process.env['TEST_BUNDLE'] === 'yes'
    ? createRequire(import.meta.url)('../../tool/start.js')
    : await import('../../src/start.js')

export const {main, BrokenPipe, Failure} = await loadTool()
