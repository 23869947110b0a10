/**
 * The service with a real Keystone, at the URL in CLOUD_KEYSTONE_URL: users of the lab (CONTRIBUTING.md) with the password
 * CLOUD_PASSWORD. It makes an application credential and deletes it again.
 */
import assert from 'node:assert/strict'
import {GivenSettings} from '../../src/server/settings/sources.js'
import {startService, type TestService} from '../support/test-service.js'

const KEYSTONE = process.env['CLOUD_KEYSTONE_URL'] ?? ''
const PASSWORD = process.env['CLOUD_PASSWORD'] ?? ''
const DOMAIN = {id: 'default'}
const describeKeystone = KEYSTONE === '' ? describe.skip : describe

interface Login {
  readonly token: string
  readonly userId: string
  readonly projectId: string | undefined
}

async function callKeystone(line: string, token?: string, body?: object, headers = {}): Promise<Response> {
  const [method = '', path = ''] = line.split(' ')
  const reply = await fetch(`${KEYSTONE.replace(/\/v3$/, '')}/v3/${path}`, {
    method,
    headers: {'content-type': 'application/json', ...(token && {'x-auth-token': token}), ...headers},
    ...(body && {body: JSON.stringify(body)}),
  })
  assert.ok(reply.ok, `${line}: ${reply.status}`)
  return reply
}

async function requestToken(identity: object, scope?: object): Promise<Login> {
  const reply = await callKeystone('POST auth/tokens', undefined, {auth: {identity, ...(scope && {scope})}})
  const {token} = (await reply.json()) as {token: {user: {id: string}; project?: {id: string}}}
  return {
    token: reply.headers.get('x-subject-token') ?? '',
    userId: token.user.id,
    projectId: token.project?.id,
  }
}

function logIn(name: string, project = name): Promise<Login> {
  const password = {user: {name, domain: DOMAIN, password: PASSWORD}}
  const scope = project === 'system' ? {system: {all: true}} : {project: {name: project, domain: DOMAIN}}
  return requestToken({methods: ['password'], password}, scope)
}

describeKeystone('a service with a real Keystone', () => {
  for (const [title, assignments] of [
    ['without a user of its own', []],
    ['with a user of its own', ['service_user=glance']],
  ] as const) {
    describe(title, () => {
      let service: TestService
      before(async () => {
        const given = new GivenSettings({
          assignments: [`auth_url=${KEYSTONE}`, ...assignments],
          env: {GLANCE_SERVICE_PASSWORD: PASSWORD},
        })
        service = await startService({auth: 'keystone', given})
      })
      after(() => service.close())

      const ask = async (line: string, {token}: {token: string}, body?: object, headers = {}) => {
        const [method = '', path] = line.split(' ')
        const reply = await fetch(service.url + path, {
          method,
          headers: {'x-auth-token': token, 'content-type': 'application/json', ...headers},
          ...(body && {body: JSON.stringify(body)}),
        })
        const text = await reply.text()
        return {status: reply.status, headers: reply.headers, text}
      }

      it('knows its callers', async () => {
        const [alpha, beta, admin] = await Promise.all([logIn('alpha'), logIn('beta'), logIn('admin')])
        const reader = await logIn('alpha-reader', 'alpha')
        const made = await ask('POST /v2/images', alpha, {visibility: 'private', name: 'n'})
        const {id, owner} = JSON.parse(made.text) as {id: string; owner: string}
        assert.equal(owner, alpha.projectId)
        const path = `/v2/images/${id}`
        const statuses = async (line: string, body?: object) => {
          const replies = []
          for (const caller of [alpha, reader, beta]) replies.push((await ask(line, caller, body)).status)
          return replies
        }
        assert.deepEqual(await statuses(`GET ${path}`), [200, 200, 404])
        assert.deepEqual(await statuses(`PUT ${path}/tags/t`), [204, 403, 404])
        assert.deepEqual(await statuses('POST /v2/images', {}), [201, 403, 201])
        assert.deepEqual(await statuses('GET /v2/tasks'), [403, 403, 403])
        assert.equal((await ask('GET /v2/tasks', admin)).status, 200)
        assert.equal((await ask(`DELETE ${path}`, admin)).status, 204)
      })

      it('knows administrators of the whole cloud', async () => {
        const system = await logIn('admin', 'system')
        const made = await ask('POST /v2/images', system, {name: 'n'})
        const {id, owner} = JSON.parse(made.text) as {id: string; owner: string | null}
        assert.deepEqual([made.status, owner], [201, null])
        assert.equal((await ask(`DELETE /v2/images/${id}`, system)).status, 204)
      })

      it('refuses what Keystone does not know', async () => {
        for (const token of ['nonsense', 'gAAAAABnonsense']) {
          const reply = await ask('GET /v2/images', {token})
          assert.equal(reply.status, 401)
          assert.equal(reply.headers.get('www-authenticate'), `Keystone uri="${KEYSTONE}"`)
        }
        const revoked = await logIn('beta')
        await callKeystone('DELETE auth/tokens', revoked.token, undefined, {'x-subject-token': revoked.token})
        assert.equal((await ask('GET /v2/images', revoked)).status, 401)
      })

      it('keeps application credentials to their access rules', async () => {
        const alpha = await logIn('alpha')
        const credentials = `users/${alpha.userId}/application_credentials`
        const rule = {service: 'image', method: 'GET', path: '/v2/images/*'}
        const name = `glance-test-${process.pid}-${assignments.length}`
        const made = await callKeystone(`POST ${credentials}`, alpha.token, {
          application_credential: {name, secret: 'secret-of-it', access_rules: [rule]},
        })
        const {application_credential: credential} = (await made.json()) as {
          application_credential: {id: string}
        }
        try {
          const {token} = await requestToken({
            methods: ['application_credential'],
            application_credential: {id: credential.id, secret: 'secret-of-it'},
          })
          assert.equal((await ask('GET /v2/images/nonesuch', {token})).status, 404)
          assert.equal((await ask('GET /v2/images', {token})).status, 401)
          assert.equal((await ask('POST /v2/images', {token}, {})).status, 401)
        } finally {
          await callKeystone(`DELETE ${credentials}/${credential.id}`, alpha.token)
        }
      })
    })
  }
})
