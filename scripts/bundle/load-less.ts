/** What the tool does not load: code that is never run, and modules of Node that it would use only for a constant or a failure. */
import {createRequire} from 'node:module'
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

/** The parser of HTTP in undici, as text: V8 would keep that with the compiled code, too. */
const PARSER = /\/undici\/lib\/llhttp\/llhttp_simd-wasm\.js$/
const READ_PARSER =
  "module.exports = require('node:fs').readFileSync(require('node:path').join(__dirname, 'llhttp.wasm'))"

/** The constants of that parser, of which undici uses two tables, and makes the others at its start. */
const CONSTANTS = /\/undici\/lib\/llhttp\/constants\.js$/

const require = createRequire(import.meta.url)

/** The tables as a constant. */
function evaluateConstants(file: string): string {
  const {ERROR, TYPE} = require(file)
  return `module.exports = ${JSON.stringify({ERROR, TYPE})}`
}

/** What oclif reads of its own package. */
function nameAndVersion(file: string): string {
  const {name, version} = require(file)
  return JSON.stringify({name, version})
}

/** The listener of oclif for closed pipes, which opens standard output: `SystemOutput` replaces it there. */
const STDOUT_LISTENER = /^process\.stdout\.on\('error', .*?^\}\);$/ms

/** Lets the tool load only what it runs. Node's own HTTP is used only for a constant. */
export const loadLess: Plugin = {
  name: 'load-less',
  load(id) {
    if (NEVER_RUN.test(id)) return 'module.exports = undefined'
    if (id.endsWith('/@oclif/core/package.json')) return nameAndVersion(id)
    return CONSTANTS.test(id) ? evaluateConstants(id) : null
  },
  transform(code, id) {
    if (PARSER.test(id)) {
      const [, text = ''] = /wasmBase64 = '([^']+)'/.exec(code) ?? []
      this.emitFile({type: 'asset', source: Buffer.from(text, 'base64'), fileName: 'llhttp.wasm'})
      return READ_PARSER
    }
    if (id.endsWith('/amqplib/lib/defs.js')) return keepPublishing(code)
    if (id.endsWith('/@oclif/core/lib/command.js')) return requireLazily(code.replace(STDOUT_LISTENER, ''))
    if (id.includes('node_modules/undici'))
      return code.replace("require('node:http')", '{}').replace(ASSERT, ASSERT_LAZILY)
    return id.includes('node_modules') ? requireLazily(code) : null
  },
  renderChunk: code => requireLazily(code),
}
