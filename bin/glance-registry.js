#!/usr/bin/env node
require('../dist/tool/start.js').startProgram(process, 'registry')
