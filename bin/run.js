#!/usr/bin/env node
import {keepCompiledCode} from '../dist/src/lib/io/code-cache.js'
import {homeFolder} from '../dist/src/lib/io/home-folder.js'

const home = homeFolder()
keepCompiledCode({env: process.env, home})
// The command framework asks the system for the home folder, which fails for a user without an entry.
if (home === '') process.env.HOME = ''
try {
  const {startAgain, systemIo} = await import('../dist/src/lib/io/system-io.js')
  // Completion runs while a line is typed, and must not load what commands need.
  if (process.argv[2] === '__complete') {
    const {complete} = await import('../dist/src/complete.js')
    process.exit(await complete(process.argv.slice(3), systemIo(), startAgain))
  }
  const {main} = await import('../dist/src/main.js')
  process.exit(await main(process.argv.slice(2), systemIo()))
} catch (error) {
  process.stderr.write(
    `glance: cannot start\n  ${error.message}\n  Check the installation and the limit of open files (ulimit -n).\n`,
  )
  process.exit(1)
}
