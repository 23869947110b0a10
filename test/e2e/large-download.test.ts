/** Downloads of an image that is large enough for a connection of its own, from a server that misbehaves. */
import assert from 'node:assert/strict'
import {randomBytes} from 'node:crypto'
import {readdir, readFile} from 'node:fs/promises'
import path from 'node:path'
import {createInterrupt, runLine} from '../support/command-line.js'
import {glance} from '../support/fake-io.js'
import {shell} from '../support/glance-process.js'
import {
  IMAGE_ID,
  type ImageServer,
  type ImageServerOptions,
  serveImage,
} from '../support/http/image-server.js'
import {useTempDir} from '../support/temp-dir.js'

const MIB = 1024 * 1024
const DATA = randomBytes(17 * MIB + 5)
/** Inside of a slot, and of a part that the system delivers. */
const BREAK = 5 * MIB + 3

describe('the download of a large image', () => {
  const folder = useTempDir()
  let server: ImageServer

  afterEach(() => server.close())

  const start = async (options: Partial<ImageServerOptions> = {}) => {
    await server?.close()
    server = await serveImage({data: DATA, ...options})
  }
  const run = (words: string) =>
    runLine(`glance download ${IMAGE_ID}${words && ` ${words}`}`, folder(), server.url)
  const runInShell = (line: string) => shell(`cd ${folder()}; ${line}`, server.url).ended
  const file = (name: string) => readFile(path.join(folder(), name))
  const breakFirst = (answer: number) => (answer === 1 ? BREAK : undefined)
  const BROKEN = /^note: the connection broke after 5\.0 MiB; continuing from there\n$/

  it('continues after any kind of break', async () => {
    for (const connection of ['keep-alive', 'close']) {
      await start({breaksAfter: breakFirst, headers: {connection}})
      const ran = await run('--file out --force')
      assert.match(ran.stderr, BROKEN, connection)
      assert.ok((await file('out')).equals(DATA), connection)
      assert.deepEqual(server.ranges, [undefined, `bytes=${BREAK}-`])
    }
  })

  it('continues into a pipe', async () => {
    await start({breaksAfter: breakFirst, headers: {connection: 'close'}})
    const ran = await runInShell(`glance download ${IMAGE_ID} | cat > out; echo "\${PIPESTATUS[0]}"`)
    assert.equal(ran.stdout, '0\n')
    assert.match(ran.stderr, BROKEN)
    assert.ok((await file('out')).equals(DATA))
  })

  it('skips what it has when the service sends the whole again', async () => {
    for (const ranges of ['ignored', 'refused'] as const) {
      await start({breaksAfter: breakFirst, ranges})
      const ran = await run('--file out --force')
      assert.match(ran.stderr, BROKEN)
      assert.ok((await file('out')).equals(DATA), ranges)
    }
  })

  it('notices less, or more, than the image has', async () => {
    for (const words of ['--file out', '', '--file out --parallel 2']) {
      await start({sent: DATA.subarray(1)})
      const short = await run(words)
      assert.equal(short.code, 7, short.stderr)
      assert.match(short.stderr, /\n {2}it has 17825797 bytes, 17825796 arrived\n/, words)
      assert.deepEqual(await readdir(folder()), [])
    }
    await start({sent: Buffer.concat([DATA, Buffer.from('x')])})
    const long = await run('--file out')
    assert.equal(long.code, 7)
    assert.match(long.stderr, /\n {2}more than its 17825797 bytes arrived\n/)
    assert.deepEqual(await readdir(folder()), [])
  })

  it('keeps what has arrived when it is interrupted, and resumes from there', async () => {
    await start({stopsAfter: answer => (answer === 1 ? BREAK : undefined)})
    const {signal, interrupt} = createInterrupt()
    const onStderr = (text: string) => {
      const [, bytes] = /"bytes":(\d+),/.exec(text) ?? []
      if (Number(bytes) >= 4 * MIB) interrupt()
    }
    const words = ['download', IMAGE_ID, '--file=out', '--progress=json', '--progress-interval=1']
    const ran = await glance(['--url', server.url, ...words], {cwd: folder(), signal, onStderr})
    assert.equal(ran.code, 130, ran.stderr)
    const kept = await file('out.part')
    assert.ok(kept.length >= 4 * MIB && kept.equals(DATA.subarray(0, kept.length)))
    const resumed = await run('--file out --resume')
    assert.deepEqual([resumed.code, resumed.stderr], [0, ''])
    assert.ok((await file('out')).equals(DATA))
    assert.deepEqual(server.ranges, [undefined, `bytes=${kept.length}-`])
  })

  it('ends quietly when the reader goes away', async () => {
    await start()
    const ran = await runInShell(
      `glance download ${IMAGE_ID} | head -c 100 | wc -c; echo "\${PIPESTATUS[*]}"`,
    )
    assert.deepEqual([ran.stdout, ran.stderr], ['100\n0 0 0\n', ''])
  })
})
