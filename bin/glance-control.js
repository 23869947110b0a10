#!/usr/bin/env node
require('../dist/tool/start.js').startControl(process, __dirname)
