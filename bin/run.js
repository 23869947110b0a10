#!/usr/bin/env node
import {homedir} from 'node:os'
import {keepCompiledCode} from '../dist/src/lib/io/code-cache.js'

keepCompiledCode({env: process.env, home: homedir()})
const {systemIo} = await import('../dist/src/lib/io/system-io.js')
const {main} = await import('../dist/src/main.js')
process.exit(await main(process.argv.slice(2), systemIo()))
