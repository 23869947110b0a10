/** Compressed data that is decompressed during the upload: exact, or not stored at all. */
import assert from 'node:assert/strict'
import {spawn, spawnSync} from 'node:child_process'
import {once} from 'node:events'
import {chmod, mkdir, readFile, writeFile} from 'node:fs/promises'
import path from 'node:path'
import {setImmediate as tick} from 'node:timers/promises'
import {runLine} from '../support/command-line.js'
import type {RunResult} from '../support/fake-io.js'
import {GLANCE} from '../support/glance-process.js'
import {serve} from '../support/http/serve.js'
import {useTempDir} from '../support/temp-dir.js'
import {startService, type TestService} from '../support/test-service.js'

/** The data that each program compresses: it starts like a qcow2, and has no repetition. */
const PLAIN = Buffer.concat([
  Buffer.from('QFI\xfb\0\0\0\x03', 'latin1'),
  Buffer.alloc(504),
  Buffer.from(Array.from({length: 60_000}, (_, n) => (n * 2_654_435_761) % 4_294_967_291).join('\n')),
])

const PROGRAMS = {gz: 'gzip', xz: 'xz', bz2: 'bzip2', zst: 'zstd'} as const

/** The error for truncated data, and the one for changed data. */
const WORDS = {
  gz: [/unexpected end of file/, /incorrect data check|invalid/],
  xz: [/xz: .*Unexpected end of input/, /xz: .*corrupt/],
  bz2: [/bzip2: Compressed file ends unexpectedly/, /bzip2: Data integrity error/],
  zst: [/zstd: .*premature end/, /zstd: .*Decoding error|zstd: .*checksum/],
} as const

describe('compressed data', () => {
  const folder = useTempDir()
  let service: TestService
  before(async () => {
    service = await startService()
  })
  after(() => service.close())

  const run = (line: string) => runLine(line, folder(), service.url)

  async function readAdded(ran: RunResult): Promise<Buffer> {
    assert.equal(ran.code, 0, ran.stderr)
    const [, id] = /^Added new image with ID: (\S+)$/m.exec(ran.stdout) ?? []
    return Buffer.from(await (await fetch(`${service.url}/v1/images/${id}`)).arrayBuffer())
  }

  async function assertNotAdded(ran: RunResult, why: RegExp): Promise<void> {
    assert.deepEqual([ran.code, ran.stdout], [1, ''])
    assert.match(ran.stderr, why)
    const reply = await fetch(`${service.url}/v2/images?name=nobody`)
    assert.deepEqual(((await reply.json()) as {images: unknown[]}).images, [])
  }

  for (const [packing, program] of Object.entries(PROGRAMS) as [keyof typeof PROGRAMS, string][]) {
    describe(`from ${program}`, () => {
      let packed: Buffer
      const pack = (input: Buffer) => spawnSync(program, ['-1c'], {input}).stdout
      before(function () {
        packed = pack(PLAIN)
        if (packed === null) this.skip()
      })
      const put = (data: Buffer) => writeFile(path.join(folder(), 'packed'), data)

      it('arrives uncompressed', async () => {
        await put(packed)
        for (const line of [
          'glance add name=x --decompress --file packed',
          'cat packed | glance add name=x --decompress',
        ]) {
          const ran = await run(line)
          assert.ok((await readAdded(ran)).equals(PLAIN), line)
          assert.equal(ran.stderr, 'note: the data looks like qcow2, so disk_format is qcow2\n')
        }
      })

      it('may consist of several members', async () => {
        await put(Buffer.concat([packed, pack(Buffer.from('and the rest'))]))
        const data = await readAdded(await run('glance add name=x --decompress --file packed'))
        assert.ok(data.equals(Buffer.concat([PLAIN, Buffer.from('and the rest')])))
      })

      it('that is cut off or damaged adds no image', async () => {
        const [cutOff, damaged] = WORDS[packing]
        for (const length of [packed.length >> 1, packed.length - 4]) {
          await put(packed.subarray(0, length))
          await assertNotAdded(await run('glance add name=nobody --decompress --file packed'), cutOff)
        }
        const changed = Buffer.from(packed)
        changed.writeUInt8(changed.readUInt8(packed.length >> 1) ^ 4, packed.length >> 1)
        await put(changed)
        await assertNotAdded(await run('cat packed | glance add name=nobody --decompress'), damaged)
      })

      it('that is empty adds an image only with size=0', async () => {
        await put(pack(Buffer.alloc(0)))
        await assertNotAdded(
          await run('glance add name=nobody --decompress < packed'),
          /the decompressed data is empty/,
        )
        const ran = await run('glance add name=x --decompress --allow-empty < packed')
        assert.equal((await readAdded(ran)).length, 0)
      })
    })
  }

  describe('decompressed by a program', () => {
    const {PATH} = process.env
    afterEach(() => {
      process.env['PATH'] = PATH
    })

    /** Runs a line with programs from these folders. */
    function runWith(env: {readonly PATH: string}, line: string, url = service.url): Promise<RunResult> {
      process.env['PATH'] = env.PATH
      return runLine(line, folder(), url)
    }

    /** Installs a program of that name first in PATH. */
    async function installProgram(script: string): Promise<{readonly PATH: string}> {
      const bin = path.join(folder(), 'bin')
      await mkdir(bin, {recursive: true})
      await writeFile(path.join(bin, 'xz'), `#!/bin/sh\n${script}\n`)
      await chmod(path.join(bin, 'xz'), 0o755)
      await writeFile(path.join(folder(), 'packed'), Buffer.from('\xfd7zXZ\0\0\0', 'latin1'))
      return {PATH: `${bin}:/usr/bin:/bin`}
    }

    it('that is not installed is named', async () => {
      await installProgram('')
      const ran = await runWith({PATH: '/nonexistent'}, 'glance add name=nobody --decompress --file packed')
      await assertNotAdded(
        ran,
        /^glance: cannot decompress the data with xz\n.*xz is not installed\n {2}Install xz/,
      )
    })

    it('that dies does not end the data', async () => {
      const env = await installProgram('echo 0123456789; kill -9 $$')
      const ran = await runWith(env, 'glance add name=nobody --decompress --file packed')
      await assertNotAdded(ran, /\n {2}xz: ended with SIGKILL\n/)
    })

    it('that closes its input may still write all of its output', async () => {
      const env = await installProgram('exec 0<&-; echo 0123456789')
      const ran = await runWith(env, 'glance add name=x --decompress --file packed')
      assert.equal(String(await readAdded(ran)), '0123456789\n')
    })

    const endless = () => `echo $$ > ${folder()}/pid; exec cat /dev/zero`

    const hasStarted = () =>
      readFile(path.join(folder(), 'pid'), 'utf8').then(
        pid => pid !== '',
        () => false,
      )

    /** The program ends with the tool. */
    async function waitUntilGone(): Promise<void> {
      const pid = Number(await readFile(path.join(folder(), 'pid'), 'utf8'))
      const isRunning = () => {
        try {
          return process.kill(pid, 0)
        } catch {
          return false
        }
      }
      while (isRunning()) await tick()
    }

    it('stops when the service has refused the data', async () => {
      const env = await installProgram(endless())
      const image = {id: '11111111-2222-4333-8444-555555555555', name: 'x', status: 'queued'}
      const full = await serve(async (request, answer) => {
        if (request.method === 'PUT') {
          while (!(await hasStarted()));
          answer.writeHead(413, {'content-type': 'text/plain', connection: 'close'}).end('full')
          request.resume()
        } else answer.writeHead(request.method === 'POST' ? 201 : 200).end(JSON.stringify(image))
      })
      const line = 'glance add name=x --decompress --file packed'
      const ran = await runWith(env, line, `${full.url}/v2`)
      assert.equal(ran.code, 1, ran.stderr)
      assert.match(ran.stderr, /full/)
      await waitUntilGone()
      await full.close()
    })

    it("stops with the tool at Ctrl-C, and does not hide the tool's message", async () => {
      for (const signal of ['SIGINT', 'SIGKILL'] as const) {
        const env = await installProgram(endless())
        const child = spawn(
          process.execPath,
          [GLANCE, '--url', service.url, 'add', 'name=nobody', '--decompress', '--file', 'packed'],
          {cwd: folder(), env, detached: true, stdio: ['ignore', 'pipe', 'pipe']},
        )
        let stderr = ''
        child.stderr.on('data', text => (stderr += text))
        while (!(await isSaving()));
        process.kill(-(child.pid ?? assert.fail()), signal)
        const [code] = await once(child, 'close')
        if (signal === 'SIGINT') {
          assert.equal(code, 130)
          assert.match(stderr, /^glance: interrupted by SIGINT\n.* was deleted\.\n$/)
        }
        await waitUntilGone()
      }
    })

    async function isSaving(): Promise<boolean> {
      const reply = await fetch(`${service.url}/v2/images?status=saving`)
      return ((await reply.json()) as {images: unknown[]}).images.length > 0
    }
  })
})
