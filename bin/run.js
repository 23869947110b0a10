#!/usr/bin/env node
import {systemIo} from '../dist/src/lib/io/system-io.js'
import {main} from '../dist/src/main.js'

process.exit(await main(process.argv.slice(2), systemIo()))
