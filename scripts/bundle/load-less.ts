/** What the tool does not load: code that is never run, and modules of Node that it would use only for a constant or a failure. */
import type {Plugin} from 'rolldown'
import {keepPublishing} from './amqp-methods.js'
import {requireLazily} from './require-lazily.js'

/**
 * Modules that are never run: plugins and the help of the command framework, HTTP/2, PostgreSQL through the C library or in
 * the workers of Cloudflare, and traces of metrics.
 */
const NEVER_RUN =
  /\/(?:@oclif\/core\/lib\/(?:config\/(?:plugin|plugin-loader|ts-path)|help\/(?!util)\w+|module-loader)\.js|@opentelemetry\/api\/.*|undici\/lib\/dispatcher\/client-h2\.js|pg\/lib\/native\/index\.js|pg-cloudflare\/.*)$/

/** The assertions of undici, which load the module of Node only if they fail. */
const ASSERT = "const assert = require('node:assert')"
const ASSERT_LAZILY = "const assert = (value, message) => value || require('node:assert')(value, message)"

/** Lets the tool load only what it runs. Node's own HTTP is used only for a constant. */
export const loadLess: Plugin = {
  name: 'load-less',
  load: id => (NEVER_RUN.test(id) ? 'module.exports = undefined' : null),
  transform: (code, id) => {
    if (id.endsWith('/amqplib/lib/defs.js')) return keepPublishing(code)
    if (id.includes('node_modules/undici'))
      return code.replace("require('node:http')", '{}').replace(ASSERT, ASSERT_LAZILY)
    return id.includes('node_modules') ? requireLazily(code) : null
  },
  renderChunk: code => requireLazily(code),
}
