/**
 * Standard input: files, offsets, pipes, nothing, and pipes that stay open. Lines run in memory, except one of each kind;
 * `test/lib/io/system-io.test.ts` has what a process sees of each.
 */
import assert from 'node:assert/strict'
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {PassThrough} from 'node:stream'
import {runLine} from '../support/command-line.js'
import {glance, type RunResult} from '../support/fake-io.js'
import {type ProcessResult, shell} from '../support/glance-process.js'
import {serve} from '../support/http/serve.js'
import {startService, type TestService} from '../support/test-service.js'

describe('standard input', () => {
  let service: TestService
  let folder: string

  before(async () => {
    service = await startService({fetchFromAnywhere: true})
    folder = await mkdtemp(path.join(tmpdir(), 'glance-e2e-'))
    await writeFile(path.join(folder, 'ten'), '0123456789')
    await writeFile(path.join(folder, 'empty'), '')
  })

  after(async () => {
    await service.close()
    await rm(folder, {recursive: true})
  })

  const run = (line: string) => runLine(line, folder, `${service.url}/v1`)
  const runInShell = (line: string) => shell(`cd ${folder}; ${line}`, `${service.url}/v1`).ended

  /** Status, size and data of the image that a run has added. */
  async function readAdded(ran: ProcessResult | RunResult) {
    assert.equal(ran.code, 0, ran.stderr)
    const [, id] = /^Added new image with ID: (\S+)$/m.exec(ran.stdout) ?? []
    const head = await fetch(`${service.url}/v1/images/${id}`, {method: 'HEAD'})
    const status = head.headers.get('x-image-meta-status')
    const data =
      status === 'active' ? await (await fetch(`${service.url}/v1/images/${id}`)).text() : undefined
    return {id, status, data}
  }

  for (const [line, data] of [
    ['cat ten | glance add name=x', '0123456789'],
    ['{ dd bs=1 count=4 of=/dev/null status=none; glance add name=x; } < ten', '456789'],
  ] as const) {
    it(`of a process: ${line}`, async () => {
      const {status, data: stored} = await readAdded(await runInShell(line))
      assert.deepEqual([status, stored], ['active', data])
    })
  }

  for (const line of [
    'glance add name=x < ten',
    'cat ten | glance add name=x',
    'glance add name=x size=10 checksum=781e5e245d69b566979b86e28d23f2c7 < ten',
  ]) {
    it(line, async () => {
      const {status, data} = await readAdded(await run(line))
      assert.deepEqual([status, data], ['active', '0123456789'])
    })
  }

  it('of a pipe may arrive after the start', async () => {
    const stdin = new PassThrough()
    const ended = glance(['--url', `${service.url}/v1`, 'add', 'name=x'], {stdin})
    setImmediate(() => stdin.end('0123456789'))
    const {status, data} = await readAdded(await ended)
    assert.deepEqual([status, data], ['active', '0123456789'])
  })

  it('of a process that is closed registers an image', async () => {
    const {status} = await readAdded(await runInShell('glance add name=x <&-'))
    assert.equal(status, 'queued')
  })

  it('without data registers an image', async () => {
    const ran = await run('glance add name=x < /dev/null')
    const {id, status} = await readAdded(ran)
    assert.equal(status, 'queued')
    assert.equal(
      ran.stderr,
      `note: standard input had no data, so the image is queued. Upload its data with: glance update ${id} < FILE\n`,
    )
  })

  for (const line of ['glance add name=nobody < empty', 'cat empty | glance add name=nobody']) {
    it(`${line} adds nothing`, async () => {
      const ran = await run(line)
      assert.deepEqual([ran.code, ran.stdout], [1, ''])
      assert.equal(
        ran.stderr,
        'glance: no image was added\n  the input is empty\n' +
          '  Check the program that writes the image. To register an image without data, use < /dev/null; to add one of 0 bytes, use --allow-empty.\n',
      )
      assert.equal((await run('glance index is_public=none name=nobody')).stdout, '')
    })
  }

  it('leaves the rest of a file for the next command', async () => {
    const ran = await runInShell('{ glance add name=x; glance add name=y; } < ten')
    assert.equal(ran.code, 0)
    assert.equal(ran.stdout.match(/^Added new image/gm)?.length, 2)
  })

  it('does not wait for an open pipe when the data comes from elsewhere', async () => {
    const source = await serve((_, answer) => answer.setHeader('content-length', 5).end('there'))
    const stdin = new PassThrough()
    const ran = await glance(
      ['--url', `${service.url}/v1`, 'add', 'name=x', `location=${source.url}/image`],
      {
        stdin,
      },
    )
    const {status, data} = await readAdded(ran)
    assert.deepEqual([status, data], ['active', 'there'])
    stdin.destroy()
    await source.close()
  })

  it('refuses data and a location together, before anything is added', async () => {
    const ran = await run('glance add name=both location=http://127.0.0.1:1/x < ten')
    assert.deepEqual([ran.code, ran.stdout], [2, ''])
    assert.match(
      ran.stderr,
      /^glance: Either supply a location=LOCATION argument or supply image data via a redirect\.\n/,
    )
    assert.equal((await run('glance index is_public=none name=both')).stdout, '')
  })

  it('is the data of a queued image, and of no other', async () => {
    const {id} = await readAdded(await run('glance add name=x < /dev/null'))
    assert.equal((await run(`glance update ${id} name=y < ten`)).stdout, `Updated image ${id}\n`)
    const again = await run(`cat ten | glance update ${id}`)
    assert.equal(again.code, 5)
    assert.match(again.stderr, /its status is active, and only a queued image takes data/)
    assert.equal(await (await fetch(`${service.url}/v1/images/${id}`)).text(), '0123456789')
  })

  it('is not consumed by updates in a loop', async () => {
    const ids = []
    for (const _ of [1, 2]) ids.push((await readAdded(await run('glance add name=x < ten'))).id)
    await writeFile(path.join(folder, 'list'), `${ids.join('\n')}\n`)
    const ran = await runInShell('while read -r id; do glance update $id distro=lucid; done < list')
    assert.equal(ran.stdout, ids.map(id => `Updated image ${id}\n`).join(''))
  })

  it('is not read by a command that does not use it', async () => {
    const ran = await runInShell('{ glance index > /dev/null; cat; } < ten')
    assert.equal(ran.stdout, '0123456789')
    const missing = await run('cat ten | glance show')
    assert.deepEqual([missing.code, missing.stdout], [2, ''])
  })
})
