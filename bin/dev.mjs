#!/usr/bin/env node
// Runs the compiled modules instead of the bundle, with their source maps.
import {start} from '../dist/src/start.js'

process.setSourceMapsEnabled(true)
await start(process)
