/** Downloads: the data, what remains after a failure, and the messages. */
import assert from 'node:assert/strict'
import {randomBytes} from 'node:crypto'
import {mkdir, readdir, readFile, readlink, stat, symlink, writeFile} from 'node:fs/promises'
import net from 'node:net'
import path from 'node:path'
import {createInterrupt, runLine} from '../support/command-line.js'
import {glance, type RunResult} from '../support/fake-io.js'
import {shell} from '../support/glance-process.js'
import {
  IMAGE_ID,
  type ImageServer,
  type ImageServerOptions,
  serveImage,
} from '../support/http/image-server.js'
import {type Served, serveSockets} from '../support/http/serve.js'
import {useTempDir} from '../support/temp-dir.js'
import {startService, type TestService} from '../support/test-service.js'

const MIB = 1024 * 1024
const EIGHT = randomBytes(8 * MIB)
/** For many downloads in one test. */
const ONE = EIGHT.subarray(0, MIB)
const FLIPPED = Buffer.from(EIGHT)
FLIPPED.writeUInt8(FLIPPED.readUInt8(5_000_000) ^ 1, 5_000_000)

describe('download from version 1', () => {
  const folder = useTempDir()
  let service: TestService
  let id: string

  before(async () => {
    service = await startService()
    id = await upload('eight', EIGHT)
  })
  after(() => service.close())

  async function upload(name: string, body: Buffer): Promise<string> {
    const reply = await fetch(`${service.url}/v1/images`, {
      method: 'POST',
      headers: {
        'content-type': 'application/octet-stream',
        'x-image-meta-name': name,
        'x-image-meta-disk_format': 'raw',
        'x-image-meta-container_format': 'bare',
      },
      body,
    })
    return ((await reply.json()) as {image: {id: string}}).image.id
  }

  const run = (line: string, url = `${service.url}/v1`) => runLine(line, folder(), url)
  const runInShell = (line: string, url = `${service.url}/v1`) => shell(`cd ${folder()}; ${line}`, url).ended
  const file = (name: string) => readFile(path.join(folder(), name))

  it('saves a file under its name, and no other file', async () => {
    const ran = await run(`glance download ${id} --file out`)
    assert.deepEqual([ran.code, ran.stdout, ran.stderr], [0, `Downloaded image ${id} to out\n`, ''])
    assert.ok((await file('out')).equals(EIGHT))
    assert.deepEqual(await readdir(folder()), ['out'])
  })

  it('accepts the name of an image', async () => {
    assert.equal((await run('glance download eight --file out')).code, 0)
    assert.ok((await file('out')).equals(EIGHT))
  })

  it('writes nothing but the data to standard output', async () => {
    const ran = await runInShell(`glance download ${id} > out; echo $?`)
    assert.deepEqual([ran.stdout, ran.stderr], ['0\n', ''])
    assert.ok((await file('out')).equals(EIGHT))
    const small = await upload('small', ONE)
    const piped = await runInShell(`glance download ${small} --file - | cat > piped; echo $?`)
    assert.deepEqual([piped.stdout, piped.stderr], ['0\n', ''])
    assert.ok((await file('piped')).equals(ONE))
  })

  it('ends quietly when the reader goes away', async () => {
    const ran = await runInShell(`glance download ${id} | head -c 100 | wc -c; echo "\${PIPESTATUS[*]}"`)
    assert.deepEqual([ran.stdout, ran.stderr], ['100\n0 0 0\n', ''])
  })

  it('explains a file that cannot be written', async () => {
    const ran = await runInShell(`glance download ${id} > /dev/full`)
    assert.deepEqual([ran.code, ran.stdout], [1, ''])
    assert.match(ran.stderr, /^glance: cannot write the output\n {2}ENOSPC/)
    const missing = await run(`glance download ${id} --file nowhere/out`)
    assert.equal(missing.code, 1)
    assert.match(missing.stderr, /^glance: cannot write nowhere\/out\.part\n {2}ENOENT/)
  })

  it('does not replace an existing file unless forced', async () => {
    await writeFile(path.join(folder(), 'out'), 'precious')
    const ran = await run(`glance download ${id} --file out`)
    assert.deepEqual([ran.code, ran.stdout], [1, ''])
    assert.match(ran.stderr, /^glance: not replacing .*out\n.*\n {2}Give --force to go ahead/)
    assert.equal(String(await file('out')), 'precious')
    assert.equal((await run(`glance download ${id} --file out --force`)).code, 0)
    assert.ok((await file('out')).equals(EIGHT))
  })

  it('does not write to a folder or a device', async () => {
    await mkdir(path.join(folder(), 'dir'))
    for (const [name, why] of [
      ['dir', 'it is a folder'],
      ['/dev/null', 'it is not a regular file'],
    ]) {
      const ran = await run(`glance download ${id} --file ${name}`)
      assert.deepEqual([ran.code, ran.stdout], [2, ''])
      assert.match(ran.stderr, new RegExp(`^glance: cannot save the image as ${name}\n {2}${why}\n`))
    }
  })

  it('only prints in a dry run', async () => {
    const ran = await run(`glance --dry-run download ${id} --file out`)
    const lines = ['Dry run. We would have done the following:', `Download image ${id} to out`]
    assert.deepEqual([ran.code, ran.stdout], [0, `${lines.join('\n')}\n`])
    assert.deepEqual(await readdir(folder()), [])
  })

  it('fails for a queued image without data', async () => {
    const {stdout} = await run('glance add name=x < /dev/null')
    const queued = stdout.trim().split(': ')[1]
    const ran = await run(`glance download ${queued} --file out`)
    assert.deepEqual([ran.code, ran.stdout], [5, ''])
    assert.equal(
      ran.stderr,
      `glance: cannot download image ${queued}\n  it has no data: its status is queued\n` +
        `  Upload its data: glance update ${queued} < FILE\n`,
    )
    assert.equal((await run('glance download nosuch --file out')).code, 3)
    assert.deepEqual(await readdir(folder()), [])
  })

  it('starts over when the server cannot resume', async () => {
    await writeFile(path.join(folder(), 'out.part'), EIGHT.subarray(0, 1000))
    const ran = await run(`glance download ${id} --file out --resume --parallel 4`)
    assert.deepEqual([ran.code, ran.stderr], [0, ''])
    assert.ok((await file('out')).equals(EIGHT))
  })

  /** A proxy to the service that interferes with the first connection that carries much data. */
  function proxy(change: (chunk: Buffer, position: number, socket: net.Socket) => Buffer): Promise<Served> {
    let isDone = false
    return serveSockets(client => {
      const upstream = net.connect(service.port, '127.0.0.1')
      let position = 0
      upstream.on('error', () => client.destroy()).on('close', () => client.destroy())
      client.on('close', () => upstream.destroy()).pipe(upstream)
      upstream.on('data', chunk => {
        const changed = isDone ? chunk : change(chunk, position, client)
        isDone ||= changed !== chunk
        position += chunk.length
        if (!client.destroyed) client.write(changed)
      })
    })
  }

  const flip = (chunk: Buffer, position: number) => {
    const at = 5_000_000 - position
    if (at < 0 || at >= chunk.length) return chunk
    const changed = Buffer.from(chunk)
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at)
    return changed
  }

  it('notices a byte that was flipped in transit, and leaves nothing', async () => {
    const route = await proxy(flip)
    const ran = await run(`glance download ${id} --file out`, `${route.url}/v1`)
    assert.deepEqual([ran.code, ran.stdout], [7, ''])
    assert.match(
      ran.stderr,
      new RegExp(
        `^glance: the downloaded data does not match image ${id}\n {2}its md5 is \\w{32}, that of the downloaded data is \\w{32}\n {2}Nothing was saved`,
      ),
    )
    assert.deepEqual(await readdir(folder()), [])
    await route.close()
  })

  it('keeps unverified data when asked to', async () => {
    const route = await proxy(flip)
    const ran = await run(`glance download ${id} --file out --keep-failed`, route.url)
    assert.equal(ran.code, 7)
    assert.match(ran.stderr, /\n {2}The data is in out\.part\.\n$/)
    assert.deepEqual(await readdir(folder()), ['out.part'])
    await route.close()
  })

  it('says at the end of a pipe that the data is wrong', async () => {
    const route = await proxy(flip)
    const ran = await run(`glance download ${id}`, route.url)
    assert.equal(ran.code, 7)
    assert.match(ran.stderr, /\n {2}Do not use what was written to standard output\.\n$/)
    await route.close()
  })

  it('does not verify with --no-verify', async () => {
    const route = await proxy(flip)
    const ran = await run(`glance download ${id} --file out --no-verify`, route.url)
    assert.deepEqual([ran.code, ran.stderr], [0, ''])
    assert.ok(!(await file('out')).equals(EIGHT))
    await route.close()
  })

  /** Cuts the first connection with much data after `cut` bytes. */
  const startCutProxy = (cut: number) =>
    proxy((chunk, position, socket) => {
      if (position + chunk.length < cut) return chunk
      socket.end(chunk.subarray(0, cut - position))
      return Buffer.alloc(0)
    })
  const BROKEN = /^note: the connection broke after [\d.]+ [KM]iB; continuing from there\n$/

  it('resumes when the connection is cut at any position', async () => {
    const out = path.join(folder(), 'out')
    const small = await upload('one', ONE)
    for (let step = 1; step <= 20; step++) {
      const cut = Math.floor((step * ONE.length) / 21)
      const route = await startCutProxy(cut)
      const ran = await glance(['--url', route.url, 'download', small, '--file', out, '--force'])
      assert.equal(ran.code, 0, `${cut}: ${ran.stderr}`)
      assert.match(ran.stderr, BROKEN)
      assert.ok((await file('out')).equals(ONE), String(cut))
      await route.close()
    }
  })

  it('resumes into a pipe', async () => {
    const route = await startCutProxy(5_000_000)
    const ran = await runInShell(`glance download ${id} | cat > out; echo "\${PIPESTATUS[0]}"`, route.url)
    assert.equal(ran.stdout, '0\n')
    assert.match(ran.stderr, BROKEN)
    assert.ok((await file('out')).equals(EIGHT))
    await route.close()
  })

  it('refuses to write to a terminal', async () => {
    const ran = await glance(['--url', service.url, 'download', id], {terminal: true})
    assert.deepEqual([ran.code, ran.stdout], [2, ''])
    assert.match(
      ran.stderr,
      new RegExp(
        `refusing to write image data to a terminal\n {2}Write it to a file: glance download ${id} --file PATH`,
      ),
    )
  })

  it('asks before a file is replaced', async () => {
    const out = path.join(folder(), 'out')
    await writeFile(out, 'precious')
    for (const yes of [false, true]) {
      const ran = await glance(['--url', service.url, 'download', id, '--file', out], {
        terminal: true,
        answers: [yes],
      })
      assert.deepEqual([ran.code, ran.asked], [yes ? 0 : 1, [`Replace ${out}?`]])
      assert.equal((await file('out')).equals(EIGHT), yes)
    }
  })
})

describe('download from version 2', () => {
  const folder = useTempDir()
  let server: ImageServer | undefined
  afterEach(() => server?.close())

  async function run(words: string, options: Partial<ImageServerOptions> = {}): Promise<RunResult> {
    await server?.close()
    server = await serveImage({data: EIGHT, ...options})
    return again(words)
  }
  const again = (words: string) =>
    runLine(`glance download ${IMAGE_ID}${words && ` ${words}`}`, folder(), server?.url ?? '', {
      OS_IMAGE_API_VERSION: '2',
    })
  const isSaved = async () => (await readFile(path.join(folder(), 'out'))).equals(EIGHT)
  const part = (bytes: Buffer) => writeFile(path.join(folder(), 'out.part'), bytes)

  it('resumes where the connection broke', async () => {
    for (let step = 1; step <= 20; step++) {
      const cut = Math.floor((step * ONE.length) / 21)
      await server?.close()
      server = await serveImage({data: ONE, breaksAfter: n => (n === 1 ? cut : undefined)})
      const words = ['download', IMAGE_ID, '--file', path.join(folder(), 'out'), '--force']
      const ran = await glance(['--url', server.url, '--os-image-api-version', '2', ...words])
      assert.equal(ran.code, 0, `${cut}: ${ran.stderr}`)
      assert.ok((await readFile(path.join(folder(), 'out'))).equals(ONE))
      assert.equal(server?.ranges.length, 2)
      const [, begin] = /^bytes=(\d+)-$/.exec(server?.ranges[1] ?? '') ?? []
      assert.ok(Number(begin) > 0 && Number(begin) <= cut, `${cut}: ${begin}`)
    }
  })

  it('fetches several parts at once, and the whole without ranges', async () => {
    const data = Buffer.concat([EIGHT, EIGHT, EIGHT, EIGHT, EIGHT.subarray(5)])
    for (const ranges of [undefined, 'ignored', 'refused'] as const) {
      const ran = await run('--file out --force --parallel 3', {data, ...(ranges && {ranges})})
      assert.deepEqual([ran.code, ran.stderr], [0, ''])
      assert.ok((await readFile(path.join(folder(), 'out'))).equals(data))
      if (ranges === undefined) assert.equal(server?.ranges.length, 5)
    }
  })

  it('fetches several parts at once, and retries each separately', async () => {
    const data = Buffer.concat([EIGHT, EIGHT, EIGHT, EIGHT])
    const ran = await run('--file out --parallel 4', {
      data,
      together: 3,
      breaksAfter: n => (n <= 4 ? 2 * MIB * n : undefined),
    })
    assert.equal(ran.code, 0, ran.stderr)
    assert.ok((await readFile(path.join(folder(), 'out'))).equals(data))
    assert.ok((server?.atOnce() ?? 0) > 1)
    assert.ok((server?.ranges.length ?? 0) >= 7)
  })

  it('keeps the bytes before the first gap when one of several parts fails', async () => {
    const data = Buffer.concat([EIGHT, EIGHT, EIGHT])
    const ran = await run('--file out --parallel 3', {
      data,
      breaksAfter: n => (n === 2 ? MIB : undefined),
      instead: n => (n >= 4 ? {status: 404, text: 'gone'} : undefined),
    })
    assert.equal(ran.code, 3)
    assert.match(ran.stderr, /The data so far is in out\.part; --resume continues from there\.\n$/)
    const {size} = await stat(path.join(folder(), 'out.part'))
    assert.ok(size <= 9 * MIB, String(size))
    assert.ok((await readFile(path.join(folder(), 'out.part'))).equals(data.subarray(0, size)))
  })

  it('keeps the received bytes when it is interrupted, and resumes from there', async () => {
    server = await serveImage({data: EIGHT, stopsAfter: n => (n === 1 ? 3 * MIB : undefined)})
    const {signal, interrupt} = createInterrupt()
    const onStderr = (text: string) => {
      if (text.includes(`"bytes":${3 * MIB},`)) interrupt()
    }
    const words = ['--os-image-api-version=2', 'download', IMAGE_ID, '--file', 'out', '--progress=json']
    const world = {cwd: folder(), signal, onStderr}
    const ran = await glance(['--url', server.url, ...words, '--progress-interval=1'], world)
    assert.deepEqual([ran.code, ran.stdout], [130, ''])
    assert.match(
      ran.stderr,
      /\nglance: interrupted by SIGINT\n {2}The data so far is in out\.part; --resume continues from there\.\n$/,
    )
    assert.deepEqual(await readdir(folder()), ['out.part'])
    const {size: begin} = await stat(path.join(folder(), 'out.part'))
    assert.ok(begin >= 2 * MIB && begin <= 3 * MIB)
    const resumed = await again('--file out --resume')
    assert.deepEqual([resumed.code, resumed.stderr], [0, ''])
    assert.ok(await isSaved())
    assert.equal(server.ranges[1], `bytes=${begin}-`)
  })

  it('ends at once though the reader has stopped reading', async () => {
    let note = () => {}
    const asked = new Promise<void>(resolve => (note = resolve))
    server = await serveImage({data: EIGHT, stopsAfter: () => void note()})
    const script = `cd ${folder()}; mkfifo pipe; exec 3<>pipe; exec "$NODE" "$GLANCE" download ${IMAGE_ID} > pipe`
    const running = shell(script, server.url, {OS_IMAGE_API_VERSION: '2'})
    await asked
    running.process.kill('SIGINT')
    const {code, stderr} = await running.ended
    assert.deepEqual([code, stderr], [130, 'glance: interrupted by SIGINT\n'])
  })

  it('verifies the part of an earlier run with the rest', async () => {
    await part(EIGHT)
    assert.equal((await run('--file out --resume')).code, 0)
    assert.deepEqual([await isSaved(), server?.ranges], [true, []])
  })

  it('discards a part of another image', async () => {
    await part(FLIPPED.subarray(0, 6_000_000))
    for (const words of ['', ' --parallel 2']) {
      const ran = await run(`--file out --resume --force${words}`)
      const note = words === '' ? 'note: out.part does not belong to this image; starting over\n' : ''
      assert.deepEqual([ran.code, ran.stderr], [0, note])
      assert.ok(await isSaved())
    }
    await part(Buffer.concat([EIGHT, EIGHT]))
    assert.deepEqual([(await run('--file out --resume --force')).code, await isSaved()], [0, true])
  })

  it('verifies a file that is complete, and asks before it replaces another one', async () => {
    await writeFile(path.join(folder(), 'out'), EIGHT)
    const out = path.join(folder(), 'out')
    const ran = await run('--file out --resume')
    assert.deepEqual([ran.code, ran.stdout, ran.stderr], [0, `Image ${IMAGE_ID} is complete in out\n`, ''])
    assert.deepEqual(server?.ranges, [])
    const planned = await run('--file out --resume --dry-run')
    assert.match(planned.stdout, new RegExp(`\nKeep out, which has the data of image ${IMAGE_ID}\n$`))
    await writeFile(out, FLIPPED)
    assert.equal((await run('--file out --resume')).code, 1)
    assert.ok((await readFile(out)).equals(FLIPPED))
    const unproven = {checksum: null, os_hash_algo: null, os_hash_value: null}
    assert.equal((await run('--file out --resume', {image: unproven})).code, 1)
    assert.deepEqual([(await run('--file out --resume --force')).code, await isSaved()], [0, true])
  })

  it('creates the file that a link points to', async () => {
    await symlink('there', path.join(folder(), 'link'))
    assert.equal((await run('--file link')).code, 0)
    assert.equal(await readlink(path.join(folder(), 'link')), 'there')
    assert.ok((await readFile(path.join(folder(), 'there'))).equals(EIGHT))
    assert.deepEqual(await readdir(folder()), ['link', 'there'])
  })

  it('does not write through a part that is a link', async () => {
    await writeFile(path.join(folder(), 'precious'), 'precious')
    await symlink('precious', path.join(folder(), 'out.part'))
    const ran = await run('--file out --resume')
    assert.deepEqual([ran.code, server?.ranges], [5, []])
    assert.match(ran.stderr, /^glance: cannot resume out\.part\n {2}it is not a regular file\n/)
    assert.equal(String(await readFile(path.join(folder(), 'precious'))), 'precious')
    assert.deepEqual(await readdir(folder()), ['out.part', 'precious'])
  })

  it('does not resume from an existing file unless asked to', async () => {
    await part(EIGHT.subarray(0, 1000))
    assert.equal((await run('--file out')).code, 0)
    assert.deepEqual([await isSaved(), server?.ranges], [true, [undefined]])
  })

  it('notices a server that sends less, or more, than the image has', async () => {
    for (const [sent, why] of [
      [EIGHT.subarray(1), 'it has 8388608 bytes, 8388607 arrived'],
      [Buffer.concat([EIGHT, Buffer.from('x')]), 'more than its 8388608 bytes arrived'],
    ] as const) {
      for (const words of ['--file out', '']) {
        const ran = await run(words, {sent})
        assert.equal(ran.code, 7)
        assert.match(ran.stderr, new RegExp(`the downloaded data does not match image .*\n {2}${why}\n`))
        assert.deepEqual(await readdir(folder()), [])
      }
    }
  })

  it('compares the multihash, else the checksum, else only the size', async () => {
    const weak = {os_hash_algo: null, os_hash_value: null}
    for (const [image, code, stderr] of [
      [{checksum: null}, 7, /its sha512 is \w{128}, that of the downloaded data is \w{128}\n/],
      [{os_hash_algo: 'unheard_of'}, 7, /its md5 is /],
      [
        {checksum: null, os_hash_algo: 'blake2s', os_hash_value: 'ab'.repeat(32)},
        7,
        /its blake2s is (ab){32}, that of the downloaded data is [0-9a-f]{64}\n/,
      ],
      [
        {checksum: null, os_hash_algo: 'blake3'},
        0,
        /^warning: the service hashes with blake3, which cannot be checked here; only the size was compared\n$/,
      ],
      [weak, 7, /its md5 is /],
      [
        {...weak, checksum: null},
        0,
        /^warning: the service reports no checksum of this image; only the size was compared\n$/,
      ],
    ] as const) {
      const ran = await run('--file out --force', {image, sent: FLIPPED})
      assert.equal(ran.code, code, ran.stderr)
      assert.match(ran.stderr, stderr)
    }
  })

  it('says that an image is deactivated', async () => {
    const text =
      '403 Forbidden\n\nThe requested image has been deactivated. Image data download is forbidden.'
    const ran = await run('--file out', {
      image: {status: 'deactivated'},
      instead: () => ({status: 403, text}),
    })
    assert.deepEqual([ran.code, ran.stdout], [4, ''])
    assert.match(
      ran.stderr,
      /^glance: cannot download image .*\n.*has been deactivated.*\n.*glance reactivate ID\n$/,
    )
    assert.deepEqual(await readdir(folder()), [])
  })
})
