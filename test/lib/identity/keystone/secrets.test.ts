/** No failure of a login shows a secret. */
import assert from 'node:assert/strict'
import {Readable} from 'node:stream'
import {inspect} from 'node:util'
import fc from 'fast-check'
import {Reply, ReplyHeaders} from '../../../../src/lib/http/message.js'
import {openIdentity} from '../../../../src/lib/identity/open-identity.js'
import {explainSettings} from '../../../../src/lib/identity/settings/explain.js'
import {resolveSettings} from '../../../../src/lib/identity/settings/settings.js'
import {noTokenCache} from '../../../../src/lib/identity/token-cache.js'
import {Failure} from '../../../../src/lib/model/errors.js'
import {type ConfigFixture, createConfigFixture} from '../../../support/config-fixture.js'

const SECRET_VARIABLES = [
  'OS_PASSWORD',
  'OS_AUTH_KEY',
  'OS_TOKEN',
  'OS_APPLICATION_CREDENTIAL_SECRET',
] as const

/** Long enough not to occur in our own messages by accident; printable, with quotes, braces and slashes. */
const secret = fc.string({
  unit: fc.constantFrom(...'abcXYZ019"\\/<>&{}$%+=_-.'),
  minLength: 12,
  maxLength: 24,
})

const KINDS = ['', 'password', 'token', 'v3applicationcredential', 'http_basic', 'admin_token', 'v2password']

describe('secrets', () => {
  let fixture: ConfigFixture
  before(async () => {
    fixture = await createConfigFixture()
  })
  after(() => fixture.remove())

  it('appear in no error, explanation or note', async () => {
    await fc.assert(
      fc.asyncProperty(
        secret,
        fc.subarray([...SECRET_VARIABLES], {minLength: 1}),
        fc.constantFrom(...KINDS),
        fc.constantFrom(200, 201, 302, 400, 401, 403, 404, 500, 503),
        fc.constantFrom('application/json', 'text/html', 'text/plain'),
        fc.constantFrom('', '/v3', '/v2.0'),
        async (word, variables, kind, status, type, path) => {
          const env = {
            OS_AUTH_URL: `http://k.example${path}`,
            OS_USERNAME: 'u',
            OS_APPLICATION_CREDENTIAL_ID: kind === 'v3applicationcredential' ? 'i' : '',
            OS_AUTH_TYPE: kind,
            ...Object.fromEntries(variables.map(name => [name, word])),
          }
          assert.ok(!(await collectTexts(env, answer(status, type, word))).includes(word))
        },
      ),
      {numRuns: 300},
    )
  })

  function answer(status: number, type: string, word: string): Reply {
    const text =
      type === 'application/json' ? JSON.stringify({error: {message: `no: ${word}`}}) : `<h1>no</h1> ${word}`
    const headers = new ReplyHeaders({'content-type': type, 'x-subject-token': word})
    return new Reply(status, headers, Readable.from([Buffer.from(text)]))
  }

  /** Everything that could be printed, as it is and as `inspect` writes it. */
  async function collectTexts(env: Record<string, string>, reply: Reply): Promise<string> {
    try {
      const settings = await resolveSettings({flags: {}, environment: fixture.with(env)})
      const shown = explainSettings(settings).flatMap(({name, value, from}) => [name, value, from])
      await openIdentity(settings, {send: async () => reply, cache: noTokenCache}).session()
      return [...shown, ...settings.notes].join('\n')
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      const {message, why, advice, stack, cause} = error
      return [message, why, advice, stack, String(cause), inspect(error, {depth: 9})].join('\n')
    }
  }
})
