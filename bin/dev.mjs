#!/usr/bin/env node
import {start} from '../dist/src/start.js'

await start(process)
