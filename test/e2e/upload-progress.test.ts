/** The progress of an upload: each byte is counted once, and only if it is sent. */
import assert from 'node:assert/strict'
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {gzipSync} from 'node:zlib'
import {runLine} from '../support/command-line.js'
import {type Served, serve} from '../support/http/serve.js'
import {startService, type TestService} from '../support/test-service.js'

const DATA = Buffer.alloc(3_000_000, 'glance')

describe('the progress of an upload', () => {
  let service: TestService
  let folder: string

  before(async () => {
    service = await startService()
    folder = await mkdtemp(path.join(tmpdir(), 'glance-e2e-'))
    await writeFile(path.join(folder, 'data'), DATA)
    await writeFile(path.join(folder, 'more'), Buffer.concat([DATA, Buffer.from('\n')]))
    await writeFile(path.join(folder, 'data.gz'), gzipSync(DATA))
  })
  after(async () => {
    await service.close()
    await rm(folder, {recursive: true})
  })

  /** The events of a run, except those that depend on its speed. */
  async function events(line: string, url = service.url): Promise<unknown[]> {
    const ran = await runLine(line, folder, url, {TMPDIR: folder})
    const lines = ran.stderr.split('\n').filter(line => line.startsWith('{"event"'))
    return lines
      .map(line => JSON.parse(line))
      .filter(({event}) => event !== 'progress')
      .map(({event, bytes, total}) => [event, bytes, total])
  }

  const known = [
    ['start', 0, DATA.length],
    ['done', DATA.length, DATA.length],
  ]
  const unknown = [
    ['start', 0, null],
    ['done', DATA.length, null],
  ]
  const cases: readonly [string, unknown[]][] = [
    ['glance add --progress=json name=x < data', known],
    ['cat data | glance add --progress=json name=x', unknown],
    ['cat data | glance add --progress=json name=x --spool', known],
    ['glance add --progress=json name=x size=3000000 --if-absent < data', []],
    ['glance add --progress=json name=x --if-absent < more', dropNumbers(known)],
    ['glance add --progress=json name=x --decompress < data.gz', unknown],
  ]
  for (const [line, expected] of cases) {
    it(`is reported once: ${line}`, async () => assert.deepEqual(await events(line), expected))
  }

  it('is reported once for a queued image', async () => {
    const {stdout} = await runLine('glance add name=x disk_format=raw < /dev/null', folder, service.url)
    const id = stdout.trim().split(': ')[1]
    assert.deepEqual(await events(`glance update ${id} --progress=json < data`), known)
  })

  it('never exceeds the total', async () => {
    const ran = await runLine('glance add name=x --progress=lines < data', folder, service.url)
    assert.match(ran.stderr, /^x: done, 2\.9 MiB of 2\.9 MiB, .* elapsed\n$/)
  })

  describe('of a repeated upload', () => {
    let flaky: Served
    after(() => flaky.close())

    it('starts over', async () => {
      let puts = 0
      flaky = await serve(async (request, response) => {
        for await (const _ of request);
        const image = {id: '11111111-2222-4333-8444-555555555555', name: 'x', size: DATA.length}
        if (request.method === 'PUT') response.writeHead(++puts === 1 ? 503 : 204).end()
        else if (request.method === 'POST')
          response.writeHead(201).end(JSON.stringify({...image, status: 'queued'}))
        else response.end(JSON.stringify({...image, status: puts < 2 ? 'queued' : 'active'}))
      })
      assert.deepEqual(await events('glance add --progress=json name=x < data', `${flaky.url}/v2`), known)
      assert.equal(puts, 2)
    })
  })
})

function dropNumbers(events: readonly unknown[][]): unknown[][] {
  return events.map(event => event.map(part => (part === DATA.length ? DATA.length + 1 : part)))
}
