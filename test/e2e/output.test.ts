/** What a script sees: results alone on standard output, exit codes, and readers that go away. */
import assert from 'node:assert/strict'
import {startService, type TestService} from '../support/service.js'
import {shell} from '../support/tool.js'

describe('output of a process', () => {
  let service: TestService
  const run = (line: string) => shell(line, service.url).ended

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

  it('gives every page without a question', async () => {
    const ran = await run('glance index --limit 7 | wc -l')
    assert.deepEqual([ran.code, ran.stdout.trim(), ran.stderr], [0, '32', ''])
  })

  it('ends quietly when the reader goes away', async () => {
    for (const command of ['index --limit 2', 'details --limit 2', 'help add']) {
      const ran = await run(`glance ${command} | head -1 | wc -l; echo "\${PIPESTATUS[*]}"`)
      assert.deepEqual([ran.stdout.trim(), ran.stderr], ['1\n0 0 0', ''], command)
    }
  })

  it('fetches no more when the reader has gone away', async () => {
    const before = service.log.length
    await run('glance index --limit 1 | head -1')
    assert.ok(service.log.length - before < 20, `${service.log.length - before} requests`)
  })

  const codes: readonly (readonly [number, string, RegExp])[] = [
    [0, 'glance --version', /^$/],
    [2, 'glance frobnicate', /^glance: Unknown command: frobnicate\.\n/],
    [2, 'glance show --frobnicate x', /^glance: show does not take --frobnicate\.\n/],
    [2, 'glance --url not-a-url index', /^glance: the URL 'not-a-url' cannot be used\n/],
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
    [1, 'glance clear', /^glance: Not deleting any images\n/],
    [
      6,
      'glance --url http://127.0.0.1:9 index',
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

  it('ends with 5 for a protected image, and says which one stayed', async () => {
    const {stdout} = await run('glance add name=x protected=yes')
    const id = stdout.trim().split(': ')[1]
    const ran = await run(`glance delete --force ${id}`)
    assert.equal(ran.code, 5)
    assert.match(ran.stderr, /protected/)
  })

  it('never shows a token', async () => {
    const ran = await run(
      'glance --debug -A gAAAAA-very-secret index; glance --debug -A gAAAAA-very-secret show nosuch',
    )
    assert.match(ran.stderr, /GET .*\/v1\/images/)
    assert.doesNotMatch(ran.stderr + ran.stdout, /very-secret/)
  })
})
