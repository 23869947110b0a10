/**
 * The clouds that these tests run against: an Image service without authentication, and one with Keystone. They are real ones,
 * or with CLOUD_SERVICE=own two processes of our service.
 */
import {mkdtemp, rm} from 'node:fs/promises'
import {homedir, tmpdir} from 'node:os'
import path from 'node:path'
import {openImageApi} from '../../src/lib/api/open-api.js'
import type {Caller} from '../contract/projects.contract.js'
import {type Facts, type SharedTarget, type Target, type User, VERSION_2} from '../contract/target.js'
import {glance, type RunResult, type World} from '../support/fake-io.js'
import {startOwnServices} from './own-services.js'

export const KEYSTONE_URL = (process.env['CLOUD_KEYSTONE_URL'] ?? 'http://127.0.0.1:5000').replace(
  /(\/v3)?$/,
  '/v3',
)
export const PASSWORD = process.env['CLOUD_PASSWORD'] ?? 'secret'
/** Our own service, if it is the cloud. */
export const OWN = process.env['CLOUD_SERVICE'] === 'own' ? await startOwnServices(KEYSTONE_URL) : undefined
/** An Image service without authentication, where every user may publish images. */
export const NOAUTH_URL = OWN?.noauthUrl ?? process.env['CLOUD_NOAUTH_URL'] ?? 'http://127.0.0.1:9393'
/** An Image service with Keystone, where users `alpha`, `beta` and `admin` have projects of the same names. */
export const IMAGE_URL = OWN?.imageUrl ?? process.env['CLOUD_IMAGE_URL'] ?? 'http://127.0.0.1:9392'
/** The address of our service for users of Keystone, whose catalog has the real one. */
export const ENDPOINT: Variables = OWN ? {OS_IMAGE_ENDPOINT_OVERRIDE: IMAGE_URL} : {}
/** What stands in the titles of tests. */
export const SERVICE = OWN ? 'our service on PostgreSQL and Swift' : 'a real Glance'

const HOW =
  'Start a Glance without authentication and one with Keystone, or name them with CLOUD_NOAUTH_URL, ' +
  'CLOUD_IMAGE_URL, CLOUD_KEYSTONE_URL and CLOUD_PASSWORD.'

export type Variables = Readonly<Record<string, string>>

/** A test must not pass because there was nothing to test. */
export async function assertReachable(url: string): Promise<void> {
  const answer = await fetch(url).catch(() => undefined)
  if (answer === undefined) throw new Error(`nothing answers at ${url}. ${HOW}`)
  await answer.body?.cancel()
}

/** The environment of a Keystone user whose project has the same name. */
export function loginVariables(name: string): Variables {
  return {
    OS_AUTH_URL: KEYSTONE_URL,
    OS_USERNAME: name,
    OS_PASSWORD: PASSWORD,
    OS_PROJECT_NAME: name,
    OS_USER_DOMAIN_NAME: 'Default',
    OS_PROJECT_DOMAIN_NAME: 'Default',
    ...ENDPOINT,
  }
}

const DOMAIN = {name: 'Default'}

/** An application credential of alpha, as Keystone takes it. */
export const APPLICATION_CREDENTIAL = {
  name: process.env['CLOUD_APPCRED_NAME'] ?? 'alpha-appcred',
  secret: process.env['CLOUD_APPCRED_SECRET'] ?? 'appcred-secret',
  user: {name: 'alpha', domain: DOMAIN},
}

/** Logs in as the user to a project, by default that of the same name. */
export async function logIn(name: string, project = name): Promise<Caller> {
  const user = {name, domain: DOMAIN, password: PASSWORD}
  const scope = {project: {name: project, domain: DOMAIN}}
  return logInWith({identity: {methods: ['password'], password: {user}}, scope})
}

/** Logs in with the application credential. */
export function logInWithCredential(): Promise<Caller> {
  const kind = 'application_credential'
  return logInWith({identity: {methods: [kind], [kind]: APPLICATION_CREDENTIAL}})
}

async function logInWith(auth: object): Promise<Caller> {
  await assertReachable(KEYSTONE_URL)
  const answer = await fetch(`${KEYSTONE_URL}/auth/tokens`, {
    method: 'POST',
    headers: {'content-type': 'application/json'},
    body: JSON.stringify({auth}),
  })
  if (answer.status !== 201) throw new Error(`Keystone lets no user in: ${answer.status}. ${HOW}`)
  const body = (await answer.json()) as {token: {project: {id: string}}}
  const token = answer.headers.get('x-subject-token') ?? ''
  const project = body.token.project.id
  return {api: await openImageApi({url: IMAGE_URL, token, project}), project, token}
}

/** The cloud that the user who runs the tests names, if any. */
export const CHOSEN: Variables | undefined =
  process.env['OS_CLOUD'] === undefined
    ? undefined
    : Object.fromEntries(
        Object.entries(process.env).flatMap(([name, value]) =>
          name.startsWith('OS_') && value ? [[name, value]] : [],
        ),
      )

/** Declares tests that need the services on this machine; if the user chose a cloud they are skipped, and the title says why. */
export function describeLab(title: string, tests: () => void): void {
  if (CHOSEN === undefined) describe(title, tests)
  else describe.skip(`${title} (skipped: OS_CLOUD names a cloud, and this needs those of the lab)`, tests)
}

/** Others use these clouds, which leave publishing to administrators. Only our service has both versions of the API. */
export const CLOUD_FACTS: Facts = {
  ...VERSION_2,
  hasVersion1: OWN !== undefined,
  sharesFurther: OWN !== undefined,
  everybodyPublishes: false,
  isOurs: false,
}

/** The same holds for the chosen cloud, unless its user says that they may publish. */
export const CHOSEN_FACTS: Facts = {
  ...CLOUD_FACTS,
  everybodyPublishes: process.env['CLOUD_PUBLISHES'] === 'yes',
}

/** Opens the cloud that the user chose. */
export async function chosenCloud(variables: Variables): Promise<Target> {
  const cache = await cacheFolder()
  const env = {...variables, HOME: homedir(), XDG_CACHE_HOME: cache.path}
  return {
    own: {world: {env, home: homedir()}, project: undefined},
    secrets: ['gAAAA', variables['OS_PASSWORD'] ?? 'gAAAA'],
    close: cache.remove,
  }
}

/** Opens the cloud with Keystone on this machine. */
export async function keystoneCloud(): Promise<SharedTarget> {
  const cache = await cacheFolder()
  const callers = await Promise.all(['alpha', 'beta', 'admin'].map(name => logIn(name)))
  const [own, other, admin] = callers.map(({project}, n): User => {
    const variables = loginVariables(['alpha', 'beta', 'admin'][n] ?? '')
    return {world: {env: {...variables, XDG_CACHE_HOME: cache.path}}, project}
  }) as [User, User, User]
  const headers = {'x-auth-token': callers[2]?.token ?? ''}
  return {
    own,
    other,
    admin,
    secrets: [PASSWORD, 'gAAAA'],
    act: async (action, id) => {
      await fetch(`${IMAGE_URL}/v2/images/${id}/actions/${action}`, {method: 'POST', headers})
    },
    close: async () => {
      for (const {api} of callers) await api.close()
      await cache.remove()
    },
  }
}

/** Opens the service without authentication. */
export const OPEN_FACTS: Facts = {...CLOUD_FACTS, everybodyPublishes: true}

export async function openCloud(): Promise<Target> {
  await assertReachable(NOAUTH_URL)
  const world = {env: {OS_IMAGE_URL: NOAUTH_URL}}
  return {own: {world, project: undefined}, secrets: [], close: async () => {}}
}

/** Creates a folder for tokens that is removed with the test. */
async function cacheFolder(): Promise<{readonly path: string; remove(): Promise<void>}> {
  const folder = await mkdtemp(path.join(tmpdir(), 'glance-cloud-'))
  return {path: folder, remove: () => rm(folder, {recursive: true})}
}

/** Gives the commands of a `describe` a cache of their own; call within it. */
export function useCache() {
  let folder = '/nonexistent'
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'glance-cloud-'))
  })
  after(() => rm(folder, {recursive: true, force: true}))
  return {
    cache: () => folder,
    run: (words: readonly string[], env: Variables, world: World = {}): Promise<RunResult> =>
      glance(words, {...world, env: {...env, XDG_CACHE_HOME: folder}}),
  }
}
