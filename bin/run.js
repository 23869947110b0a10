#!/usr/bin/env node
import module from 'node:module'
import {homedir} from 'node:os'
import {join} from 'node:path'
import {cacheFolder} from '../dist/src/lib/io/cache-folder.js'

// Node has it from 22.1 on. Its usual folder is one that others can write to, and what lies there is run.
module.enableCompileCache?.(join(cacheFolder({env: process.env, home: homedir()}), 'code'))

const {systemIo} = await import('../dist/src/lib/io/system-io.js')
const {main} = await import('../dist/src/main.js')
process.exit(await main(process.argv.slice(2), systemIo()))
