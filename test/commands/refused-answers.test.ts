/** Answers that commands refuse: the page of a portal, an unknown marker, and fields that are misspelt. */
import assert from 'node:assert/strict'
import {glance} from '../support/fake-io.js'
import {type Served, serve} from '../support/http/serve.js'

const ID = '00000000-0000-4000-8000-000000000001'

describe('answers that are refused', () => {
  let portal: Served
  before(async () => {
    portal = await serve((_, response) => {
      response.setHeader('content-type', 'text/html').setHeader('server', 'gate/1.0')
      response.end('<!DOCTYPE html><html><head><title>Sign in</title></head></html>')
    })
  })
  after(() => portal.close())

  for (const version of ['1', '2']) {
    it(`the page of a portal in place of a deletion, version ${version}`, async () => {
      const ran = await glance(
        ['--os-image-api-version', version, '--url', portal.url, 'delete', '--force', ID],
        {},
      )
      assert.deepEqual(
        [ran.code, ran.stdout, ran.stderr.split('\n').slice(0, 2)],
        [1, '', [`glance: cannot delete image ${ID}`, '  gate/1.0 answered 200 with a page: Sign in']],
      )
    })
  }

  it('a field that is misspelt as a reserved name, with the error alone', async () => {
    const ran = await glance(['--url', portal.url, 'add', 'name=s', 'stores=fast'], {})
    assert.deepEqual(
      [ran.code, ran.stderr],
      [
        2,
        "glance: invalid property name 'stores'\n  Image API v2 reserves this name\n  Did you mean 'store'?\n",
      ],
    )
  })

  const mistakes: readonly (readonly [string, string])[] = [
    [
      'nmae=x',
      `Please specify a name for the image using name=VALUE
  Did you mean 'name'?
  Example: glance add name="My Image" < disk.qcow2
`,
    ],
    [
      'file=disk.img',
      "invalid property name 'file'\n  Image API v2 reserves this name\n  Write --file disk.img\n",
    ],
  ]
  for (const [field, message] of mistakes) {
    it(`${field}, in a dry run too`, async () => {
      const ran = await glance(['--dry-run', 'add', field], {})
      assert.deepEqual([ran.code, ran.stderr], [2, `glance: ${message}`])
    })
  }

  it('an empty id', async () => {
    const ran = await glance(['--url', portal.url, 'add', 'id=', 'name=x'], {})
    assert.deepEqual([ran.code, ran.stderr.split('\n')[0]], [2, "glance: invalid id '': expected a UUID"])
  })

  it('a filter by tags, with the name of the right one', async () => {
    const ran = await glance(['--url', portal.url, 'index', 'tags=a'], {})
    assert.equal(ran.code, 2)
    assert.match(ran.stderr, /^ {2}Did you mean 'tag'\? Use a custom property/m)
  })
})
