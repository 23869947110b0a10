/** Uploads: from files and pipes, compressed and plain, with right and wrong formats. */
import assert from 'node:assert/strict'
import {createHash} from 'node:crypto'
import {mkdir, mkdtemp, readdir, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {gzipSync} from 'node:zlib'
import {runLine} from '../support/command-line.js'
import type {RunResult} from '../support/fake-io.js'
import {shell} from '../support/glance-process.js'
import {startService, type TestService} from '../support/test-service.js'

const QCOW2 = Buffer.concat([Buffer.from('QFI\xfb\0\0\0\x03', 'latin1'), Buffer.alloc(504)])
const BACKED = Buffer.from(QCOW2)
BACKED[15] = 0x70

describe('uploaded data', () => {
  let service: TestService
  let folder: string

  before(async () => {
    service = await startService()
    folder = await mkdtemp(path.join(tmpdir(), 'glance-e2e-'))
    const files: Record<string, string | Buffer> = {
      ten: '0123456789',
      empty: '',
      qcow2: QCOW2,
      backed: BACKED,
      'ten.gz': gzipSync('0123456789'),
      'qcow2.gz': gzipSync(QCOW2),
      'cut.gz': gzipSync(Buffer.alloc(100_000, 'glance')).subarray(0, 100),
    }
    for (const [name, data] of Object.entries(files)) await writeFile(path.join(folder, name), data)
    await mkdir(path.join(folder, 'tmp'))
  })
  after(async () => {
    await service.close()
    await rm(folder, {recursive: true})
  })

  const env = () => ({TMPDIR: path.join(folder, 'tmp')})
  const run = (line: string) => runLine(line, folder, service.url, env())
  const runInShell = async (line: string): Promise<Omit<RunResult, 'asked'>> => {
    const {code, ...ran} = await shell(`cd ${folder}; ${line}`, service.url, env()).ended
    return {code: code ?? -1, ...ran}
  }

  /** Format and data of the image that a run has added. */
  async function readAdded(ran: Omit<RunResult, 'asked'>): Promise<{format: string | null; data: Buffer}> {
    assert.equal(ran.code, 0, ran.stderr)
    const [, id] = /^Added new image with ID: (\S+)$/m.exec(ran.stdout) ?? []
    const reply = await fetch(`${service.url}/v1/images/${id}`)
    return {
      format: reply.headers.get('x-image-meta-disk_format'),
      data: Buffer.from(await reply.arrayBuffer()),
    }
  }

  for (const line of [
    'glance add name=x --file ten',
    'glance add name=x --file ten < /dev/null',
    'glance add name=x --file - < ten',
    'cat ten | glance add name=x --file -',
    'glance add name=x --file <(cat ten)',
    'cat ten | glance add name=x --spool',
    'glance add name=x --decompress < ten.gz',
    'cat ten.gz | glance add name=x --decompress --spool',
    'glance add name=x --no-verify < ten',
  ]) {
    it(line, async () => {
      const ran = await (line.includes('<(') ? runInShell(line) : run(line))
      assert.deepEqual([(await readAdded(ran)).data.toString(), ran.stderr], ['0123456789', ''])
    })
  }

  it('leaves no temporary file', async () => assert.deepEqual(await readdir(path.join(folder, 'tmp')), []))

  it('may be empty with size=0', async () => {
    const ran = await run('glance add name=x --allow-empty < empty')
    assert.equal((await readAdded(ran)).data.length, 0)
  })

  const refused: readonly [number, string, RegExp][] = [
    [2, '--file ten --file ten', /^glance: --file can be given only once\n/],
    [2, '--file none', /^glance: cannot read .*\/none\n {2}the file does not exist\n/],
    [2, '--file .', /is a folder, not an image\n/],
    [1, '--file -', /the input is empty\n/],
    [1, '--file empty', /the input is empty\n/],
    [
      1,
      'disk_format=raw --strict-format --file qcow2',
      /disk_format is raw, but the data looks like qcow2\n/,
    ],
    [1, '--file backed', /the data is qcow2, and it contains only the differences from a backing file\n/],
    [
      1,
      '--decompress --file cut.gz',
      /^glance: (cannot read the image data|the image data cannot be read).*\n {2}unexpected end of file\n/,
    ],
    [2, 'location=http://127.0.0.1:1/x --file ten', /^glance: Either supply a location=LOCATION/],
  ]
  for (const [code, words, text] of refused) {
    it(`is refused: ${words}`, async () => {
      const ran = await run(`glance add name=nobody ${words}`)
      assert.deepEqual([ran.code, ran.stdout], [code, ''])
      assert.match(ran.stderr, text)
      assert.equal((await run('glance index is_public=none name=nobody')).stdout, '')
    })
  }

  const cases: readonly [string, string, string][] = [
    ['--file qcow2', 'qcow2', 'note: the data looks like qcow2, so disk_format is qcow2\n'],
    ['< qcow2', 'qcow2', 'note: the data looks like qcow2, so disk_format is qcow2\n'],
    ['disk_format=qcow2 < qcow2', 'qcow2', ''],
    ['disk_format=raw < qcow2', 'raw', 'warning: disk_format is raw, but the data looks like qcow2\n'],
    [
      'disk_format=qcow2 < ten',
      'qcow2',
      'warning: disk_format is qcow2, but the data does not look like qcow2\n',
    ],
    [
      '< ten.gz',
      'raw',
      'warning: the data is compressed (gzip) and is sent unchanged; use --decompress to decompress it\n',
    ],
    ['--decompress < qcow2.gz', 'qcow2', 'note: the data looks like qcow2, so disk_format is qcow2\n'],
    ['--decompress < ten', 'raw', 'note: the data is not compressed, so it is sent unchanged\n'],
  ]
  for (const [words, format, stderr] of cases) {
    it(`has a format: ${words}`, async () => {
      const ran = await run(`glance add name=x ${words}`)
      assert.deepEqual([(await readAdded(ran)).format, ran.stderr], [format, stderr])
    })
  }

  it('sets the format of a queued image', async () => {
    const queued = await run('glance add name=x disk_format=raw < /dev/null')
    const id = queued.stdout.trim().split(': ')[1]
    const ran = await run(`cat qcow2 | glance update ${id} --strict-format`)
    assert.equal(ran.code, 1)
    const done = await run(`glance update ${id} disk_format=qcow2 --file qcow2`)
    assert.deepEqual([done.code, done.stderr], [0, ''])
    const again = await run(`glance update ${id} name=y --file ten`)
    assert.equal(again.code, 5)
  })

  it('is not sent when the service has it already', async () => {
    const name = `${Date.now()}`
    await writeFile(path.join(folder, 'once'), `once ${name}`)
    const md5 = createHash('md5').update(`once ${name}`).digest('hex')
    const first = await run(`glance add name=${name} --if-absent < once`)
    const [, id] = /^Added new image with ID: (\S+)$/m.exec(first.stdout) ?? []
    for (const line of [
      'glance add name=again --if-absent --file once',
      'cat once | glance add name=again --if-absent --spool',
      `cat once | glance add name=again --if-absent checksum=${md5}`,
    ]) {
      const again = await run(line)
      assert.deepEqual(
        [again.code, again.stdout, again.stderr],
        [0, `There is an image with this data, with ID: ${id} (its name is '${name}')\n`, ''],
      )
    }
    const piped = await run('cat once | glance add name=again --if-absent')
    assert.equal(piped.code, 2)
    assert.match(piped.stderr, /a pipe can be read only once/)
    const without = await run('glance add name=again --if-absent < /dev/null')
    assert.equal(without.code, 2)
    assert.equal((await run('glance index is_public=none name=again')).stdout, '')
  })
})
