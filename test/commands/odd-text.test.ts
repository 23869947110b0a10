/** Text that would move the cursor, and names that objects have already: shown and kept like any other. */
import assert from 'node:assert/strict'
import {glance} from '../support/fake-io.js'
import {serve} from '../support/serve.js'
import {startService} from '../support/service.js'

describe('odd text', () => {
  it('of a service is shown, not obeyed', async () => {
    const id = 'a\u001b[31m\nFAKE'
    const server = await serve((_, response) => {
      const image = {id, name: 'x', status: 'queued', visibility: 'shared'}
      response.writeHead(201, {'content-type': 'application/json'}).end(JSON.stringify(image))
    })
    const {stdout} = await glance(['--url', `${server.url}/v2`, 'add', 'name=x'])
    assert.equal(stdout, 'Added new image with ID: a\\x1b[31m\\x0aFAKE\n')
    await server.close()
  })

  it('of the command line is shown in a dry run', async () => {
    const {stdout} = await glance(['--dry-run', 'delete', 'a\u001b[31m'])
    assert.equal(stdout, 'Dry run. We would have done the following:\nDelete image a\\x1b[31m\n')
  })

  it('that objects know already is a property, and no command', async () => {
    const service = await startService()
    const run = (...words: string[]) => glance(['--url', service.url, ...words])
    await run('add', 'name=one', '__proto__=1', 'constructor=2')
    await run('add', 'name=two')
    const {stdout} = await run('--json', 'details', '__proto__=1')
    assert.match(stdout, /^\{.*"name":"one".*"properties":\{"__proto__":"1","constructor":"2"\}\}\n$/)
    for (const word of ['constructor', '__proto__']) {
      const {code, stderr} = await glance([word])
      assert.equal(code, 2)
      assert.match(stderr, new RegExp(`^glance: Unknown command: ${word}\\.( Did you mean '\\w+'\\?)?\n`))
    }
    await service.close()
  })

  it('that is secret in a URL is masked in a dry run', async () => {
    const words = ['--dry-run', 'add', 'name=x', 'copy_from=http://bob:SECRET@h/i?X-Amz-Signature=SECRET&a=1']
    const {stdout} = await glance(words)
    assert.match(stdout, / copy_from => http:\/\/\*\*\*@h\/i\?X-Amz-Signature=\*\*\*&a=1\n/)
    assert.doesNotMatch(stdout, /SECRET/)
  })

  it('that nobody may set is named when nothing else is left', async () => {
    const {code, stderr} = await glance(['update', '5', 'status=active'])
    assert.equal(code, 2)
    assert.match(stderr, /nothing to update\n {2}Found non-modifiable field status\. Removing\.\n/)
  })
})
