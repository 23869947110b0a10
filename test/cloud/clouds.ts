/** The clouds that these tests run against: an Image service without authentication, and one with Keystone. */
import {type OpenApi, openApi} from '../../src/lib/api/open-api.js'

/** An Image service that asks nobody who he is, and lets everybody publish images. */
export const NOAUTH_URL = process.env['CLOUD_NOAUTH_URL'] ?? 'http://127.0.0.1:9393'
/** An Image service with Keystone, where users `alpha`, `beta` and `admin` have projects of the same names. */
export const IMAGE_URL = process.env['CLOUD_IMAGE_URL'] ?? 'http://127.0.0.1:9392'
export const KEYSTONE_URL = process.env['CLOUD_KEYSTONE_URL'] ?? 'http://127.0.0.1:5000/v3'
export const PASSWORD = process.env['CLOUD_PASSWORD'] ?? 'secret'

const HOW =
  'Start a Glance without authentication and one with Keystone, or name them with CLOUD_NOAUTH_URL, ' +
  'CLOUD_IMAGE_URL, CLOUD_KEYSTONE_URL and CLOUD_PASSWORD.'

/** A test must not pass because there was nothing to test. */
export async function assertReachable(url: string): Promise<void> {
  const answer = await fetch(url).catch(() => undefined)
  if (answer === undefined) throw new Error(`nothing answers at ${url}. ${HOW}`)
  await answer.body?.cancel()
}

export interface Caller {
  readonly api: OpenApi
  readonly project: string
  readonly token: string
}

/** Logs in as a user of that name, with his password, to the project of that name. */
export async function logIn(name: string): Promise<Caller> {
  await assertReachable(KEYSTONE_URL)
  const domain = {name: 'Default'}
  const identity = {methods: ['password'], password: {user: {name, domain, password: PASSWORD}}}
  const answer = await fetch(`${KEYSTONE_URL}/auth/tokens`, {
    method: 'POST',
    headers: {'content-type': 'application/json'},
    body: JSON.stringify({auth: {identity, scope: {project: {name, domain}}}}),
  })
  if (answer.status !== 201) throw new Error(`Keystone does not let ${name} in: ${answer.status}. ${HOW}`)
  const body = (await answer.json()) as {token: {project: {id: string}}}
  const token = answer.headers.get('x-subject-token') ?? ''
  const project = body.token.project.id
  return {api: await openApi({url: IMAGE_URL, token, project}), project, token}
}
