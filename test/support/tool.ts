/** The tool under test: the bundle that is published, or its modules with TEST_MODULES=yes, where a debugger is used. */
import {statSync} from 'node:fs'
import {createRequire} from 'node:module'
import path from 'node:path'
import type * as Start from '../../src/start.js'

const DIST = path.resolve(import.meta.dirname, '../..')
const BUNDLE = path.join(DIST, 'tool/start.js')

function requireBundle(): typeof Start {
  if (statSync(path.join(DIST, '.tsbuildinfo')).mtimeMs > statSync(BUNDLE).mtimeMs) {
    throw new Error('the bundle is older than the modules: run npm run build')
  }
  return createRequire(import.meta.url)(BUNDLE)
}

const {loadTool}: typeof Start =
  process.env['TEST_MODULES'] === 'yes' ? await import('../../src/start.js') : requireBundle()

export const {main, BrokenPipe, Failure} = await loadTool()
