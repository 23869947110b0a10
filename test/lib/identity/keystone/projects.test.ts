/** Projects by name: what is asked, as an administrator and as another user, and what the answers mean. */
import assert from 'node:assert/strict'
import {createTokenReply, type RecordedRequest, type TokenReply} from '../../../support/fake-keystone.js'
import {useLogins} from '../../../support/logins.js'

const BETA = {id: 'b'.repeat(32), name: 'beta', domain_id: 'default', is_domain: false}
const OTHER = {id: 'c'.repeat(32), name: 'beta', domain_id: 'partners', is_domain: false}

describe('projects by name', () => {
  const logins = useLogins()
  const env = {OS_USERNAME: 'alpha', OS_PASSWORD: 'hunter2', OS_PROJECT_NAME: 'alpha'}

  /** Looks a project up at a Keystone that answers these paths; others are not found. */
  const find = async (
    name: string,
    answers: Record<string, TokenReply>,
    more: Record<string, string> = {},
  ) => {
    logins.keystone.answer(({line}) => {
      if (line.startsWith('POST')) return createTokenReply()
      return answers[line.replace('GET /v3/', '')] ?? {status: 404, body: '{"error": {"message": "none"}}'}
    })
    return (await logins.identity({...env, ...more})).findProject(name)
  }
  const lines = () => logins.keystone.asked.map(({line}: RecordedRequest) => line)
  const ok = (body: object): TokenReply => ({status: 200, body: JSON.stringify(body)})
  const FORBIDDEN = {status: 403, body: '{"error": {"message": "You are not authorized"}}'}

  it('asks nothing for an id', async () => {
    for (const id of ['9c2f4b7e1a0d4e6f8b3a5c7d9e1f2a3b', '9c2f4b7e-1a0d-4e6f-8b3a-5c7d9e1f2a3b'])
      assert.deepEqual(await find(id, {}), {kind: 'as-given'})
    assert.deepEqual(lines(), [])
  })

  it('finds any project where the caller may list them, with the token of the session', async () => {
    const answers = {'projects?name=My+beta': ok({projects: [{...BETA, name: 'My beta'}]})}
    assert.deepEqual(await find('My beta', answers), {kind: 'name', id: BETA.id})
    assert.deepEqual(lines(), ['POST /v3/auth/tokens', 'GET /v3/projects?name=My+beta'])
    assert.equal(logins.keystone.asked[1]?.token, 'gAAAAA-1')
  })

  it('finds a project of the caller where the list of all is forbidden', async () => {
    const answers = {
      'projects?name=beta': FORBIDDEN,
      'auth/projects': ok({projects: [{id: 'a1fa', name: 'alpha'}, BETA]}),
    }
    assert.deepEqual(await find('beta', answers), {kind: 'name', id: BETA.id})
    assert.equal(lines().at(-1), 'GET /v3/auth/projects')
  })

  it('tells that a name is unknown, and how far it was looked for', async () => {
    assert.deepEqual(await find('beta', {'projects?name=beta': ok({projects: []})}), {
      kind: 'unknown',
      why: "no project has the name 'beta'",
    })
    assert.equal(lines().at(-1), 'GET /v3/projects/beta')
    const denied = {
      'projects?name=beta': FORBIDDEN,
      'auth/projects': ok({projects: []}),
      'projects/beta': FORBIDDEN,
    }
    assert.deepEqual(await find('beta', denied), {
      kind: 'unknown',
      why: "none of your projects has the name 'beta', and you may not look up those of others: give the project id",
    })
  })

  it('takes a text as an id where a project has it, but not for a domain', async () => {
    const none = {'projects?name=services': ok({projects: []})}
    const id = {id: 'services', name: 'Services'}
    assert.deepEqual(await find('services', {...none, 'projects/services': ok({project: id})}), {kind: 'id'})
    const domain = {...id, is_domain: true}
    const found = await find('services', {...none, 'projects/services': ok({project: domain})})
    assert.equal(found.kind, 'unknown')
  })

  it('refuses a name that several projects have, and lists them', async () => {
    await assert.rejects(find('beta', {'projects?name=beta': ok({projects: [BETA, OTHER]})}), {
      kind: 'ambiguous',
      message: "more than one project has the name 'beta'",
      why: `${BETA.id} (domain default); ${OTHER.id} (domain partners)`,
      advice: 'Use the id of the project.',
    })
  })

  it('ignores projects whose names only resemble it', async () => {
    const answers = {'projects?name=Beta': ok({projects: [BETA]})}
    assert.equal((await find('Beta', answers)).kind, 'unknown')
  })

  it('logs in again when the token was revoked', async () => {
    let revoked = 0
    logins.keystone.answer(({line}) => {
      if (line.startsWith('POST')) return createTokenReply({token: `t-${revoked}`})
      return revoked++ === 0 ? {status: 401, body: '{}'} : ok({projects: [BETA]})
    })
    const identity = await logins.identity(env)
    assert.deepEqual(await identity.findProject('beta'), {kind: 'name', id: BETA.id})
    assert.deepEqual(
      logins.keystone.asked.map(({token}) => token),
      [undefined, 't-0', undefined, 't-1'],
    )
  })

  it('tells why it could not look, and goes on', async () => {
    const answers = {'projects?name=beta': {status: 418, body: 'a teapot'}}
    const found = await find('beta', answers)
    assert.deepEqual(found, {
      kind: 'unknown',
      why: "cannot look up the project 'beta': the server answered 418",
    })
  })

  it('asks nothing with version 2 of Keystone, and without Keystone', async () => {
    const {keystone} = logins
    assert.deepEqual(
      await find('beta', {}, {OS_AUTH_URL: `${keystone.url}/v2.0`, OS_AUTH_TYPE: 'v2password'}),
      {
        kind: 'as-given',
      },
    )
    const anonymous = await logins.identity({OS_AUTH_TYPE: 'none', OS_IMAGE_URL: 'http://127.0.0.1:1'})
    assert.deepEqual(await anonymous.findProject('beta'), {kind: 'as-given'})
    assert.deepEqual(lines(), [])
  })
})
