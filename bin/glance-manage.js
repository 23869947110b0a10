#!/usr/bin/env node
require('../dist/tool/start.js').startManage(process)
