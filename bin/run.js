#!/usr/bin/env node
require('../dist/tool/start.js').start(process, require('node:path').resolve(__dirname, '../dist/tool'))
