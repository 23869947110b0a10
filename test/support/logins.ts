/** Logins for tests: a separate Keystone for each test, and settings without files of the machine. */
import type {Send} from '../../src/lib/http/message.js'
import {createTransport, type TransportOptions} from '../../src/lib/http/send.js'
import type {Identity, Session} from '../../src/lib/identity/identity.js'
import type {DeviceLoginOptions} from '../../src/lib/identity/oidc/oidc-client.js'
import {openIdentity} from '../../src/lib/identity/open-identity.js'
import {resolveSettings} from '../../src/lib/identity/settings/settings.js'
import {noTokenCache} from '../../src/lib/identity/token-cache.js'
import {type ConfigFixture, createConfigFixture} from './config-fixture.js'
import {type FakeKeystone, startFakeKeystone} from './fake-keystone.js'

type Env = Record<string, string>
type Ask = ((question: string) => Promise<string>) | undefined

/** Sees what a login by device shows, and may interrupt it. */
export type Person = Omit<DeviceLoginOptions, 'openProvider'>

export interface Logins {
  keystone: FakeKeystone
  fixture: ConfigFixture
  /** To the Identity service. */
  readonly send: Send
  /** The identity of these variables, at the fake Keystone unless they name another. */
  identity(env: Env, askSecret?: Ask, person?: Person): Promise<Identity>
  session(env: Env): Promise<Session>
}

/** Call within `describe`; the result is valid while a test runs. */
export function useLogins(options: TransportOptions = {}): Logins {
  const {send, close} = createTransport({service: 'the Identity service', ...options})
  const logins = {
    send,
    identity: async (env, askSecret, person) => {
      const {fixture, keystone} = logins
      const settings = await resolveSettings({
        flags: {},
        environment: fixture.with({OS_AUTH_URL: keystone.url, ...env}),
      })
      const deviceLogins = person && {...person, openProvider: async () => send}
      return openIdentity(settings, {send, cache: noTokenCache, askSecret, deviceLogins})
    },
    session: async env => (await logins.identity(env)).session(),
  } as Logins
  before(async () => {
    logins.fixture = await createConfigFixture()
  })
  after(async () => {
    await Promise.all([logins.fixture.remove(), close()])
  })
  beforeEach(async () => {
    logins.keystone = await startFakeKeystone()
  })
  afterEach(() => logins.keystone.close())
  return logins
}
