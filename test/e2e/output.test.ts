/** Output for scripts: only results on standard output, exit codes, and readers that go away. */
import assert from 'node:assert/strict'
import {shell} from '../support/glance-process.js'
import {serve} from '../support/http/serve.js'
import {startService, type TestService} from '../support/test-service.js'

describe('output of a process', () => {
  let service: TestService
  const run = (line: string) => shell(line, `${service.url}/v1`).ended

  before(async () => {
    service = await startService()
    for (let number = 0; number < 30; number++) {
      await fetch(`${service.url}/v1/images`, {
        method: 'POST',
        headers: {'x-image-meta-name': `image ${number}`, 'x-image-meta-is_public': 'true'},
      })
    }
  })
  after(() => service.close())

  it('has every page without a question', async () => {
    const ran = await run('glance index --page-size 7 | wc -l; glance index --limit 7 | wc -l')
    assert.deepEqual([ran.code, ran.stdout, ran.stderr], [0, '32\n9\n', ''])
  })

  it('ends quietly when the reader goes away', async () => {
    for (const command of ['index --page-size 2', 'details --page-size 2', 'help add']) {
      const ran = await run(`glance ${command} | head -1 | wc -l; echo "\${PIPESTATUS[*]}"`)
      assert.deepEqual([ran.stdout.trim(), ran.stderr], ['1\n0 0 0', ''], command)
    }
  })

  it('stops fetching when the reader has gone away', async () => {
    const before = service.log.length
    await run('glance index --page-size 1 | head -1')
    assert.ok(service.log.length - before < 20, `${service.log.length - before} requests`)
  })

  const codes: readonly (readonly [number, string, RegExp])[] = [
    [0, 'glance --version', /^$/],
    [2, 'glance --frobnicate', /^glance: unknown option --frobnicate\n/],
    [2, 'glance --help=yes', /^glance: --help does not take a value \(got '=yes'\)\n/],
    [2, 'glance --verion', /^glance: unknown option --verion\n {2}Did you mean --version\?\n/],
    [2, 'glance --prot 1 index', /^glance: unknown option --prot\n {2}Did you mean --port\?\n/],
    [2, 'glance show --limit=5 x', /^glance: show does not take --limit\n {2}it belongs to index, details\n/],
    [
      2,
      'glance index --os-auth-tokn=hush',
      /^glance: index does not take --os-auth-tokn\n {2}Did you mean --os-auth-token\?\n/,
    ],
    [2, 'glance member-delete 00000000-0000-4000-8000-000000000000 ..', /^glance: invalid id '\.\.'\n/],
    [3, 'glance delete --force .', /^glance: .+\n/],
    [2, 'glance add name=x < /', /^glance: standard input is a folder, not an image\n/],
    [2, 'glance --dry-run update x', /^glance: nothing to update\n/],
    [2, 'glance add name=x checksum=zz', /^glance: invalid checksum 'zz': expected an MD5 checksum\n/],
    [2, 'glance add name=x --import', /^glance: --import requires copy_from=URL\n/],
    [2, 'glance help add show', /^glance: specify exactly one command\n/],
    [0, 'glance --host foo help add', /^$/],
    [0, 'glance add -vh', /^$/],
    [0, 'glance help help', /^$/],
    [2, 'glance --limit 5', /^glance: no command given\n/],
    [2, 'glance frobnicate', /^glance: unknown command 'frobnicate'\n/],
    [2, 'glance show --frobnicate x', /^glance: show does not take --frobnicate\n/],
    [2, 'glance --url not-a-url index', /^glance: invalid URL 'not-a-url'\n/],
    [
      3,
      'glance show 00000000-0000-4000-8000-000000000000',
      /^glance: .*00000000-0000-4000-8000-000000000000.*\n/,
    ],
    [3, 'glance member-delete 00000000-0000-4000-8000-000000000000 t', /^glance: .+\n/],
    [
      1,
      'glance delete 00000000-0000-4000-8000-000000000000',
      /Give --force to go ahead without a question\.\n$/,
    ],
    [1, 'glance clear', /^glance: not deleting any images\n/],
    [
      6,
      'glance --retries 0 --url http://127.0.0.1:9 index',
      /^glance: cannot reach .*127\.0\.0\.1:9\n {2}connection refused\n/,
    ],
  ]
  for (const [code, line, stderr] of codes) {
    it(`${line} ends with ${code}`, async () => {
      const ran = await run(line)
      assert.match(ran.stderr, stderr)
      assert.deepEqual([ran.code, ran.stdout], [code, code === 0 ? ran.stdout : ''])
    })
  }

  it('ends with 5 for a protected image, and names it', async () => {
    const {stdout} = await run('glance add name=x protected=yes')
    const id = stdout.trim().split(': ')[1]
    const ran = await run(`glance delete --force ${id}`)
    assert.equal(ran.code, 5)
    assert.match(ran.stderr, /protected/)
  })

  it('explains output that cannot be written', async () => {
    const ran = await run('glance index > /dev/full')
    assert.equal(ran.code, 1)
    assert.match(ran.stderr, /^glance: cannot write the output\n {2}ENOSPC[^\n]*\n$/)
  })

  it('completes though its notes are not read', async () => {
    const ran = await run('glance add name=unheard stats=1 statu=1 2> >(exec true); sleep 0.2')
    assert.match(ran.stdout, /^Added new image with ID: /)
  })

  it('hides a token that the service sends back', async () => {
    const echo = await serve((request, answer) => {
      answer
        .writeHead(401, {'content-type': 'text/plain'})
        .end(`401 Unauthorized\n\nBad token ${request.headers['x-auth-token']}.`)
    })
    const ran = await shell(`glance -d --url ${echo.url}/v1 -A topsecret index`, echo.url).ended
    assert.equal(ran.code, 4)
    assert.match(ran.stderr, /Bad token \*\*\*\./)
    assert.doesNotMatch(ran.stderr, /topsecret/)
    await echo.close()
  })

  it('never shows a token', async () => {
    const ran = await run(
      'glance --debug -A gAAAAA-very-secret index; glance --debug -A gAAAAA-very-secret show nosuch',
    )
    assert.match(ran.stderr, /GET .*\/v1\/images/)
    assert.doesNotMatch(ran.stderr + ran.stdout, /very-secret/)
  })
})
