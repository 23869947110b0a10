/** Policy files: which are refused at the start, and what their rules change for callers. */
import assert from 'node:assert/strict'
import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {readPolicyFile} from '../../../src/server/policy/policy-file.js'
import {GivenSettings} from '../../../src/server/settings/sources.js'
import {failure} from '../../support/failure.js'
import {useTempDir} from '../../support/temp-dir.js'
import {startService} from '../../support/test-service.js'

describe('a policy file', () => {
  const folder = useTempDir()

  async function read(content: string, warnings: string[] = []) {
    const path = join(folder(), 'policy.yaml')
    await writeFile(path, content)
    return readPolicyFile(path, line => warnings.push(line.replace(folder(), '')))
  }

  it('is YAML or JSON, with comments and empty rules', async () => {
    const yaml = await read('# mine\n"add_image": "role:admin"  # why\nget_images:\n')
    assert.deepEqual([...yaml.keys()], ['add_image', 'get_images'])
    const json = await read('{\n  "add_image": "role:admin",\n  "own": "@", "delete_image": "rule:own"\n}\n')
    assert.deepEqual([...json.keys()], ['add_image', 'own', 'delete_image'])
    assert.equal((await read('# all commented out\n')).size, 0)
  })

  for (const [content, message, why] of [
    ['get_image: "@"\nadd_image: "role:a role:b"\n', 'rule add_image on line 2', /'and' or 'or'/],
    ['add_image: [["role:a"]]\n', 'rule add_image on line 1', /expected a text/],
    ['a: "rule:b"\nb: "rule:a"\n', 'rule a on line 1', /refers to itself: a, b, a/],
    ['context_is_admin: "rule:add_image"\n', 'rule context_is_admin on line 1', /refers to itself/],
    [
      'add_image: "rule:add_imag"\n',
      'rule add_image on line 1',
      /the rule 'add_imag' does not exist\. .*add_image/,
    ],
  ] as const) {
    it(`is refused for ${JSON.stringify(content)}`, async () => {
      const path = join(folder(), 'policy.yaml')
      await assert.rejects(read(content), failure('usage', `invalid ${message} of ${path}`, why))
    })
  }

  it('is refused when it cannot be read or parsed, or is a list', async () => {
    const path = join(folder(), 'policy.yaml')
    await assert.rejects(
      readPolicyFile(path, () => {}),
      failure('usage', `cannot read the policy file ${path}`, /ENOENT/),
    )
    await assert.rejects(read('a: "b\n'), failure('usage', `cannot parse the policy file ${path}`, /quote/))
    await assert.rejects(read('a: "@"\na: "!"\n'), /cannot parse the policy file/)
    await assert.rejects(read('- a\n'), /expected NAME: "RULE" on each line/)
  })

  it('has its unknown operations reported with the nearest', async () => {
    const warnings: string[] = []
    await read(
      'delete_imgae: "!"\nmanage_image_cache: "!"\nget_tasks: "@"\nmine: "@"\nadd_image: "rule:mine"\n',
      warnings,
    )
    assert.deepEqual(warnings.length, 3)
    assert.match(
      warnings[0] ?? '',
      /^\/policy\.yaml: line 1: unknown operation delete_imgae is ignored\. .*delete_image/,
    )
    assert.equal(warnings[1], '/policy.yaml: line 2: this service has no operation manage_image_cache')
    assert.equal(warnings[2], '/policy.yaml: line 3: this service has no operation get_tasks')
  })

  async function serveWith(content: string) {
    const path = join(folder(), 'policy.yaml')
    await writeFile(path, content)
    const given = new GivenSettings({assignments: [`policy_file=${path}`], env: {}})
    return startService({auth: 'fake', given})
  }

  it('changes what callers may do', async () => {
    const service = await serveWith(
      'publicize_image: "role:publisher"\ndelete_image: "!"\nget_image: "not \'secret\':%(name)s"\nadd_image: "@"\n',
    )
    try {
      const ask = (line: string, token: string, body?: object) => {
        const [method = '', path] = line.split(' ')
        const headers = {'x-auth-token': token, 'content-type': 'application/json'}
        return fetch(service.url + path, {method, headers, ...(body && {body: JSON.stringify(body)})})
      }
      const publisher = 'ann:alpha:Publisher'
      const made = await ask('POST /v2/images', publisher, {name: 'p', visibility: 'public'})
      const {id} = (await made.json()) as {id: string}
      assert.equal(made.status, 201)
      const secret = await ask('POST /v2/images', publisher, {name: 'secret', visibility: 'public'})
      const hidden = ((await secret.json()) as {id: string}).id
      assert.equal((await ask('POST /v2/images', 'bob:alpha:member', {visibility: 'public'})).status, 403)
      assert.equal((await ask(`DELETE /v2/images/${id}`, 'root:ops:admin')).status, 403)
      assert.equal((await ask(`GET /v2/images/${hidden}`, 'bob:beta:member')).status, 404)
      assert.equal((await ask(`HEAD /v1/images/${hidden}`, 'bob:beta:member')).status, 404)
      const list = await ask('GET /v2/images', 'bob:beta:member')
      const {images} = (await list.json()) as {images: {name: string}[]}
      assert.deepEqual(
        images.map(({name}) => name),
        ['p'],
      )
    } finally {
      await service.close()
    }
  })

  it('does not show an image to callers whom its visibility excludes', async () => {
    const service = await serveWith('get_image: "@"\nget_images: "@"\n')
    try {
      const headers = {'x-auth-token': 'ann:alpha:member', 'content-type': 'application/json'}
      const made = await fetch(`${service.url}/v2/images`, {
        method: 'POST',
        headers,
        body: '{"visibility": "private"}',
      })
      const {id} = (await made.json()) as {id: string}
      const other = {headers: {'x-auth-token': 'bob:beta:member'}}
      assert.equal((await fetch(`${service.url}/v2/images/${id}`, other)).status, 404)
      const list = await fetch(`${service.url}/v2/images`, other)
      assert.deepEqual(((await list.json()) as {images: object[]}).images, [])
    } finally {
      await service.close()
    }
  })

  it('lists what callers may see, also when only the rule of the list was loosened', async () => {
    const service = await serveWith('get_images: "@"\n')
    try {
      const headers = {'x-auth-token': 'ann:alpha:member', 'content-type': 'application/json'}
      const made = await fetch(`${service.url}/v2/images`, {method: 'POST', headers, body: '{}'})
      assert.equal(made.status, 201)
      for (const [role, count] of [
        ['reader', 1],
        ['other', 0],
      ] as const) {
        const caller = {headers: {'x-auth-token': `bob:alpha:${role}`}}
        for (const path of ['/v2/images', '/v1/images', '/v1/images/detail']) {
          const {images} = (await (await fetch(service.url + path, caller)).json()) as {images: object[]}
          assert.equal(images.length, count, `${path} ${role}`)
        }
      }
    } finally {
      await service.close()
    }
  })

  it('decides by users where images belong to users', async () => {
    const path = join(folder(), 'policy.yaml')
    await writeFile(path, 'delete_image: "user_id:%(owner)s"\nget_image: "project_id:%(owner)s"\n')
    const assignments = [`policy_file=${path}`, 'owner_is_tenant=false']
    const service = await startService({auth: 'fake', given: new GivenSettings({assignments, env: {}})})
    try {
      const ask = async (method: string, target: string, user: string) => {
        const headers = {'x-auth-token': `${user}:alpha:member`, 'content-type': 'application/json'}
        return fetch(service.url + target, {method, headers, ...(method === 'POST' && {body: '{}'})})
      }
      const made = (await (await ask('POST', '/v2/images', 'ann')).json()) as {id: string; owner: string}
      assert.equal(made.owner, 'ann')
      const statuses = []
      for (const [method, user] of [
        ['GET', 'bob'],
        ['DELETE', 'bob'],
        ['GET', 'ann'],
        ['DELETE', 'ann'],
      ] as const)
        statuses.push((await ask(method, `/v2/images/${made.id}`, user)).status)
      assert.deepEqual(statuses, [404, 404, 200, 204])
    } finally {
      await service.close()
    }
  })

  it('is needed where the settings name one', async () => {
    const given = new GivenSettings({assignments: ['policy_file=/nonexistent/p.yaml'], env: {}})
    await assert.rejects(startService({given}), /cannot read the policy file \/nonexistent\/p\.yaml/)
  })
})
