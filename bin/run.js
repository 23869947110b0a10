#!/usr/bin/env node
require('../dist/tool/start.js').start(process)
