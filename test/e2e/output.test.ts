/** Output for scripts: only results on standard output, exit codes, and readers that go away. */
import assert from 'node:assert/strict'
import {runLine} from '../support/command-line.js'
import {glance} from '../support/fake-io.js'
import {shell} from '../support/glance-process.js'
import {serve} from '../support/http/serve.js'
import {startService, type TestService} from '../support/test-service.js'

describe('output of a process', () => {
  let service: TestService
  const run = (line: string) => runLine(line, '/', `${service.url}/v1`)
  const runInShell = (line: string) => shell(line, `${service.url}/v1`).ended

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
    for (const [words, lines] of [
      ['--page-size 7', 32],
      ['--limit 7', 9],
    ] as const) {
      const ran = await run(`glance index ${words}`)
      assert.deepEqual([ran.code, ran.stdout.split('\n').length - 1, ran.stderr], [0, lines, ''])
    }
  })

  it('ends quietly when the reader goes away', async () => {
    const ran = await runInShell(`glance index --page-size 2 | head -1 | wc -l; echo "\${PIPESTATUS[*]}"`)
    assert.deepEqual([ran.stdout.trim(), ran.stderr], ['1\n0 0 0', ''])
    for (const command of ['details --page-size 2', 'help add']) {
      const argv = ['--url', `${service.url}/v1`, ...command.split(' ')]
      const {code, stderr} = await glance(argv, {readsOnce: true})
      assert.deepEqual([code, stderr], [0, ''], command)
    }
  })

  it('stops fetching when the reader has gone away', async () => {
    const before = service.log.length
    await glance(['--url', `${service.url}/v1`, 'index', '--page-size', '1'], {readsOnce: true})
    assert.ok(service.log.length - before < 20, `${service.log.length - before} requests`)
  })

  const codes: readonly (readonly [number, string, RegExp])[] = [
    [0, 'glance --version', /^$/],
    [2, 'glance --frobnicate', /^glance: unknown option --frobnicate\n/],
    [2, 'glance --help=yes', /^glance: --help does not take a value \(got '=yes'\)\n/],
    [2, 'glance --verion', /^glance: unknown option --verion\n {2}Did you mean --version\?\n/],
    [2, 'glance --prot 1 index', /^glance: unknown option --prot\n {2}Did you mean --port\?\n/],
    [2, 'glance -V', /^glance: unknown option -V\n {2}Run glance help to see/],
    [
      2,
      'glance show --max-items=5 x',
      /^glance: show does not take --max-items\n {2}it belongs to index, details\n/,
    ],
    [
      2,
      'glance show --can-share x',
      /^glance: show does not take --can-share\n {2}it belongs to member-add, members-replace\n/,
    ],
    [
      2,
      'glance add --name x',
      /^glance: add does not take --name\n {2}fields are arguments: write name=VALUE\n/,
    ],
    [
      2,
      'glance add --disk-format raw',
      /^glance: add does not take --disk-format\n {2}fields .* write disk_format=VALUE\n/,
    ],
    [
      2,
      'glance add --property a=b name=x',
      /^glance: add does not take --property\n {2}.* write KEY=VALUE\n/,
    ],
    [2, 'glance --os-image-url http://h index', /^glance: .*--os-image-url\n {2}write --url URL\n/],
    [2, 'glance index --jq .[].id', /^glance: index does not take --jq\n {2}write --columns NAME,.* jq\n/],
    [2, 'glance index --query x', /^glance: .*--query\n {2}write --columns NAME,.* jq\n/],
    [2, 'glance index --filters x', /^glance: .*--filters\n {2}filters are arguments: write KEY=VALUE\n/],
    [2, 'glance describe x', /^glance: unknown command 'describe'\n {2}Did you mean 'show'\?\n/],
    [2, 'glance delete --yes x', /^glance: delete does not take --yes\n {2}write --force\n/],
    [2, 'glance index -f json', /^glance: invalid argument 'json'.*\n {2}Write -o json; -f is --force here/],
    [
      2,
      'glance add disk.img',
      /^glance: invalid argument 'disk.img'.*\n {2}If this is the data, redirect the file: < disk.img/,
    ],
    [2, 'glance image list', /^glance: unknown command 'image'\n {2}Did you mean 'index'\?\n/],
    [2, 'glance --url U image list', /^glance: unknown command 'image'\n {2}Did you mean 'index'\?\n/],
    [2, 'glance image --url U list', /^glance: unknown command 'image'\n {2}Did you mean 'index'\?\n/],
    [2, 'glance get images', /^glance: unknown command 'get'\n {2}Did you mean 'index'\?\n/],
    [2, 'glance get image x', /^glance: unknown command 'get'\n {2}Did you mean 'show'\?\n/],
    [2, 'glance get x', /^glance: unknown command 'get'\n {2}Did you mean 'download'\?\n/],
    [2, 'glance describe x', /^glance: unknown command 'describe'\n {2}Did you mean 'show'\?\n/],
    [2, 'glance INDEX', /^glance: unknown command 'INDEX'\n {2}Did you mean 'index'\?\n/],
    [2, 'glance index -o JSON', /^glance: invalid --format 'JSON': .*\n {2}Did you mean 'json'\?\n/],
    [2, 'glance index -o wide', /^glance: invalid --format 'wide': .*\n {2}For more columns write -c NAME/],
    [2, 'glance index -o name', /^glance: invalid --format 'name': .*\n {2}For ids alone write --quiet, /],
    [2, 'glance index --query x', /^glance: index does not take --query\n {2}write --columns NAME/],
    [
      2,
      'glance index --jq .x',
      /^glance: index does not take --jq\n {2}write --columns NAME,..., or give the output/,
    ],
    [
      2,
      'glance add',
      /^glance: Please specify a name .*name=VALUE\n {2}Example: glance add name="My Image" < disk.qcow2\n$/,
    ],
    [2, 'glance add nam=x', /^glance: Please specify .*\n {2}Did you mean 'name'\?\n {2}Example: /],
    [
      2,
      'glance update a=1',
      /^glance: nothing to update for image 'a=1'\n.*\n {2}If it is a field, .*: glance update ID a=1\n$/,
    ],
    [2, 'glance index size_min=x', /^glance: invalid size_min 'x': .*\n {2}Write .*: size_min=512M\n$/],
    [2, 'glance image-create', /^glance: unknown command 'image-create'\n {2}Did you mean 'add'\?\n/],
    [
      2,
      'glance index --os-auth-tokn=hush',
      /^glance: index does not take --os-auth-tokn\n {2}Did you mean --os-auth-token\?\n/,
    ],
    [2, 'glance member-delete 00000000-0000-4000-8000-000000000000 ..', /^glance: invalid id '\.\.'\n/],
    [3, 'glance delete --force .', /^glance: .+\n/],
    [2, 'glance add name=x < /', /^glance: standard input is a folder, not an image\n/],
    [2, 'glance --dry-run update x', /^glance: nothing to update\n/],
    [
      2,
      'glance add name=x checksum=zz',
      /^glance: invalid checksum 'zz': expected an MD5, SHA-256 or SHA-512 checksum\n/,
    ],
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
  // The codes are returned by `main`; the redirected folder, success and failure are a process.
  const asProcess = ['glance --version', 'glance add name=x < /']
  for (const [code, line, stderr] of codes) {
    it(`${line} ends with ${code}`, async () => {
      const ran = await (asProcess.includes(line) ? runInShell(line) : run(line))
      assert.match(ran.stderr, stderr)
      assert.deepEqual([ran.code, ran.stdout], [code, code === 0 ? ran.stdout : ''])
    })
  }

  for (const [filter, stderr] of [
    ['size<0', /^glance: cannot filter lists by a size below 0\n {2}For empty images write size=0\n$/],
    ['size<x', /^glance: invalid size 'x': .*\n {2}Write .*: 'size<512M'\n$/],
    ['created_at>=x', /\n {2}Write it as 'created_at>=2026-11-21T10:00:00Z' \(UTC\)/],
  ] as const) {
    it(`glance index '${filter}' ends with 2`, async () => {
      const ran = await glance(['--url', service.url, 'index', filter])
      assert.match(ran.stderr, stderr)
      assert.deepEqual([ran.code, ran.stdout], [2, ''])
    })
  }

  it('ends with 5 for a protected image, and names it', async () => {
    const {stdout} = await run('glance add name=x protected=yes')
    const id = stdout.trim().split(': ')[1]
    const ran = await run(`glance delete --force ${id}`)
    assert.equal(ran.code, 5)
    assert.match(ran.stderr, /protected/)
  })

  it('has the id of an added image on standard error when standard output is full', async () => {
    const ran = await runInShell('glance add name=full < /dev/null > /dev/full')
    assert.equal(ran.code, 1)
    const pattern =
      /^warning: image ([-0-9a-f]{36}) was added, but that could not be written to standard output; to delete it, run: glance delete \1\n/
    const [, id = ''] = pattern.exec(ran.stderr) ?? assert.fail(ran.stderr)
    assert.equal((await run(`glance delete --force ${id}`)).code, 0)
  })

  it('explains output that cannot be written', async () => {
    const ran = await runInShell('glance index > /dev/full')
    assert.equal(ran.code, 1)
    assert.match(ran.stderr, /^glance: cannot write the output\n {2}ENOSPC[^\n]*\n$/)
  })

  it('completes though its notes are not read', async () => {
    const ran = await runInShell('exec 2> >(exec true); wait $!; glance add name=unheard stats=1 statu=1')
    assert.match(ran.stdout, /^Added new image with ID: /)
  })

  it('hides a token that the service sends back', async () => {
    const echo = await serve((request, answer) => {
      answer
        .writeHead(401, {'content-type': 'text/plain'})
        .end(`401 Unauthorized\n\nBad token ${request.headers['x-auth-token']}.`)
    })
    const ran = await run(`glance -d --url ${echo.url}/v1 -A topsecret index`)
    assert.equal(ran.code, 4)
    assert.match(ran.stderr, /Bad token \*\*\*\./)
    assert.doesNotMatch(ran.stderr, /topsecret/)
    await echo.close()
  })

  it('never shows a token', async () => {
    for (const words of ['index', 'show nosuch']) {
      const ran = await run(`glance --debug -A gAAAAA-very-secret ${words}`)
      assert.match(ran.stderr, /GET .*\/v1\/images/)
      assert.doesNotMatch(ran.stderr + ran.stdout, /very-secret/)
    }
  })
})
