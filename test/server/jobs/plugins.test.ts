/** The steps of imports: decompression, conversion with the real `qemu-img`, and the injection of properties. */
import assert from 'node:assert/strict'
import {execFileSync, spawnSync} from 'node:child_process'
import {createHash, randomBytes} from 'node:crypto'
import {mkdir, mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {delimiter, join} from 'node:path'
import {gzipSync} from 'node:zlib'
import {convertFile} from '../../../src/server/jobs/plugins/qemu-img.js'
import {createServer} from '../../../src/server/server.js'
import {GivenSettings} from '../../../src/server/settings/sources.js'
import {type Served, serve} from '../../support/http/serve.js'
import {startService, type TestService} from '../../support/test-service.js'

const MIB = 1024 * 1024

/** A disk of 1 MiB, with an MBR and some data. */
const DISK = Buffer.alloc(MIB)
DISK.write('data', MIB / 2)
DISK.write('\x55\xaa', 510, 'latin1')

type Fields = Readonly<Record<string, unknown>>

/** What an import has made of an image. */
interface Imported {
  readonly id: string
  readonly status: unknown
  readonly message: string
  readonly image: Fields
  readonly data: Buffer
}

/** Its header asks for a dictionary of 1 GiB. */
const GREEDY_XZ =
  '/Td6WFoAAATm1rRGAgAhASQAAABeH8f54AAXABNdADQZSduFXGOtPvljc/sDAEI5oAAAAHX9uBd8Q+EUAAEvGBAV9iEftvN9AQAAAAAEWVo='

const hasProgram = (name: string) => spawnSync(name, ['--version']).error === undefined
const give = (...assignments: string[]) => new GivenSettings({assignments, env: {}})

describe('steps of imports', () => {
  let folder: string
  let web: Served
  let served: Buffer
  const services = new Map<string, Promise<TestService>>()

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'glance-plugins-'))
    web = await serve((_request, response) => response.end(served))
  })
  afterEach(async () => {
    for (const service of services.values()) {
      assert.deepEqual(await readdir(join((await service).dataDir, 'work')).catch(() => []), [])
    }
  })
  after(async () => {
    for (const service of services.values()) await (await service).close()
    await web.close()
    await rm(folder, {recursive: true})
  })

  /** A service with these settings, which is shared. */
  const start = (...assignments: string[]): Promise<TestService> => {
    const key = assignments.join()
    const service =
      services.get(key) ?? startService({given: give(...assignments), auth: 'fake', fetchFromAnywhere: true})
    services.set(key, service)
    return service
  }

  /** Imports data as staged data, or from the web. */
  const importInto = async (
    {url}: TestService,
    data: Buffer,
    {
      method = 'glance-direct',
      token = 'ann:alpha:member',
      ...fields
    }: {readonly method?: string; readonly token?: string; readonly [name: string]: unknown} = {},
  ): Promise<Imported> => {
    const headers = {'x-auth-token': token}
    const send = (path: string, init: RequestInit = {}) =>
      fetch(`${url}/v2/images${path}`, {...init, headers: {...headers, ...init.headers}})
    const body = JSON.stringify({disk_format: 'raw', container_format: 'bare', ...fields})
    const {id} = (await (await send('', {method: 'POST', body})).json()) as {id: string}
    if (method === 'glance-direct') {
      const type = {'content-type': 'application/octet-stream'}
      assert.equal(
        (await send(`/${id}/stage`, {method: 'PUT', headers: type, body: new Uint8Array(data)})).status,
        204,
      )
    }
    served = data
    const request = JSON.stringify({method: {name: method, ...(method === 'web-download' && {uri: web.url})}})
    const accepted = await send(`/${id}/import`, {method: 'POST', body: request})
    assert.equal(accepted.status, 202, await accepted.text())
    for (;;) {
      const {tasks} = (await (await send(`/${id}/tasks`)).json()) as {
        tasks: {status: string; message: string}[]
      }
      const [{status, message} = {status: '', message: ''}] = tasks
      if (!['success', 'failure'].includes(status)) continue
      const image = (await (await send(`/${id}`)).json()) as Fields
      const stored = Buffer.from(await (await send(`/${id}/file`)).arrayBuffer())
      return {
        id,
        status: `${status}, ${image['status']}`,
        message: message.replaceAll(id, 'ID'),
        image,
        data: stored,
      }
    }
  }

  const DECOMPRESS = 'image_import_plugins=[image_decompression]'

  describe('image_decompression', () => {
    const compress = (program: string, data: Buffer) => execFileSync(program, ['-c'], {input: data})
    for (const method of ['glance-direct', 'web-download']) {
      it(`decompresses gzip (${method})`, async () => {
        const done = await importInto(await start(DECOMPRESS), gzipSync(DISK), {method})
        assert.deepEqual([done.status, done.message], ['success, active', 'Copied 1 MiB, decompressed gz'])
        assert.ok(done.data.equals(DISK))
        assert.equal(done.image['size'], MIB)
        assert.equal(done.image['virtual_size'], MIB)
        assert.equal(done.image['checksum'], createHash('md5').update(DISK).digest('hex'))
      })
    }

    for (const [program, ending] of [
      ['xz', 'xz'],
      ['zstd', 'zst'],
      ['bzip2', 'bz2'],
    ] as const) {
      it(`decompresses ${program}`, async function () {
        if (!hasProgram(program)) return this.skip()
        const done = await importInto(await start(DECOMPRESS), compress(program, DISK))
        assert.deepEqual(
          [done.status, done.message],
          ['success, active', `Copied 1 MiB, decompressed ${ending}`],
        )
        assert.ok(done.data.equals(DISK))
      })
    }

    it('refuses xz that asks for much memory', async function () {
      if (!hasProgram('xz')) return this.skip()
      const greedy = Buffer.from(GREEDY_XZ, 'base64')
      const failed = await importInto(await start(DECOMPRESS), greedy)
      const reason = 'cannot decompress the data (xz): xz: (stdin): Memory usage limit reached'
      assert.deepEqual(
        [failed.status, failed.message],
        ['failure, queued', `image_decompression failed: ${reason}`],
      )
    })

    it('leaves other data, and containers of compressed data', async () => {
      const service = await start(DECOMPRESS)
      for (const data of [DISK, Buffer.from('x'), Buffer.alloc(0)]) {
        const plain = await importInto(service, data, {method: 'web-download'})
        assert.deepEqual([plain.status, plain.data.length], ['success, active', data.length])
        assert.match(plain.message, /^Copied \d MiB$/)
      }
      const packed = gzipSync(DISK)
      const kept = await importInto(service, packed, {container_format: 'compressed'})
      assert.deepEqual(
        [kept.status, kept.message, kept.data.equals(packed)],
        ['success, active', 'Copied 0 MiB', true],
      )
    })

    it('fails for damaged data, and leaves nothing', async () => {
      const service = await start(DECOMPRESS)
      const failed = await importInto(service, gzipSync(DISK).subarray(0, 1000))
      assert.deepEqual(
        [failed.status, failed.message],
        [
          'failure, queued',
          'image_decompression failed: cannot decompress the data (gz): unexpected end of file',
        ],
      )
      assert.ok(!(await service.listStored()).includes(failed.id))
    })

    it('stops at the largest size of an image', async () => {
      const service = await start(DECOMPRESS, `image_size_cap=${MIB / 2}`)
      const failed = await importInto(service, gzipSync(DISK), {method: 'web-download'})
      const message = 'Denying attempt to upload image larger than 524288 bytes.'
      assert.deepEqual([failed.status, failed.message], ['failure, queued', message])
      assert.ok(!(await service.listStored()).includes(failed.id))
    })
  })

  describe('image_conversion', () => {
    before(function () {
      if (!hasProgram('qemu-img')) this.skip()
    })

    const qemu = (...args: string[]) => execFileSync('qemu-img', args, {cwd: folder, encoding: 'utf8'})
    /** The disk in another format. */
    const convert = async (format: string, ...options: string[]): Promise<Buffer> => {
      await writeFile(join(folder, 'disk.raw'), DISK)
      qemu('convert', '-f', 'raw', '-O', format, ...options, 'disk.raw', 'disk.other')
      return readFile(join(folder, 'disk.other'))
    }
    const CONVERT = 'image_import_plugins=[image_decompression,image_conversion]'

    for (const [format, name, options] of [
      ['qcow2', 'qcow2', ['-c']],
      ['vmdk', 'vmdk', ['-o', 'subformat=streamOptimized']],
      ['vhd', 'vpc', ['-o', 'force_size=on,subformat=fixed']],
      ['vdi', 'vdi', []],
    ] as const) {
      it(`makes raw of ${format} ${options.join(' ')}`, async () => {
        const service = await start(CONVERT)
        const done = await importInto(service, await convert(name, ...options), {
          disk_format: format,
          container_format: 'ovf',
          method: 'web-download',
        })
        assert.deepEqual(
          [done.status, done.message],
          ['success, active', `Copied 1 MiB, converted ${format} to raw`],
        )
        assert.ok(done.data.equals(DISK))
        const {disk_format, container_format, size, virtual_size, checksum} = done.image
        const md5 = createHash('md5').update(DISK).digest('hex')
        assert.deepEqual(
          [disk_format, container_format, size, virtual_size, checksum],
          ['raw', 'bare', MIB, MIB, md5],
        )
      })
    }

    for (const [format, info] of [
      ['qcow2', 'qcow2'],
      ['vmdk', 'vmdk'],
    ] as const) {
      it(`makes ${format} of compressed raw data`, async () => {
        const service = await start(CONVERT, `output_format=${format}`)
        const done = await importInto(service, gzipSync(DISK))
        const message = `Copied 0 MiB, decompressed gz, converted raw to ${format}`
        assert.deepEqual([done.status, done.message], ['success, active', message])
        assert.deepEqual([done.image['disk_format'], done.image['virtual_size']], [format, MIB])
        await writeFile(join(folder, 'result'), done.data)
        qemu('convert', '-f', info, '-O', 'raw', 'result', 'result.raw')
        assert.ok((await readFile(join(folder, 'result.raw'))).equals(DISK))
      })
    }

    it('leaves data in the format, unless it leads to other files', async () => {
      const service = await start(CONVERT, 'output_format=qcow2')
      const data = await convert('qcow2')
      const kept = await importInto(service, data, {disk_format: 'qcow2'})
      assert.deepEqual(
        [kept.status, kept.message, kept.data.equals(data)],
        ['success, active', 'Copied 0 MiB', true],
      )
      qemu('create', '-q', '-f', 'qcow2', '-b', '/etc/passwd', '-F', 'raw', 'thief')
      const thief = await importInto(service, await readFile(join(folder, 'thief')), {disk_format: 'qcow2'})
      const message = 'Image failed safety checks: it contains only the differences from a backing file'
      assert.deepEqual([thief.status, thief.message], ['failure, queued', message])
    })

    const refusals: readonly [string, string, () => Promise<Buffer>, string][] = [
      [
        'a backing file',
        'qcow2',
        async () => {
          qemu('create', '-q', '-f', 'qcow2', '-b', '/etc/passwd', '-F', 'raw', 'thief')
          return readFile(join(folder, 'thief'))
        },
        'Image failed safety checks: it contains only the differences from a backing file',
      ],
      [
        'an external data file',
        'qcow2',
        async () => {
          qemu(
            'create',
            '-q',
            '-f',
            'qcow2',
            '-o',
            'data_file=/tmp/glance-no-such,data_file_raw=on',
            'thief',
            '1M',
          )
          return readFile(join(folder, 'thief'))
        },
        'Image failed safety checks: its data is in another file',
      ],
      [
        'a descriptor of other files',
        'vmdk',
        async () =>
          Buffer.from(
            '# Disk DescriptorFile\nversion=1\ncreateType="monolithicFlat"\nRW 8 FLAT "/etc/passwd" 0\n',
          ),
        'Image failed safety checks: it is a descriptor, and its data is in other files',
      ],
      [
        'another format',
        'qcow2',
        () => convert('vmdk'),
        'Image disk_format qcow2 does not match stream data vmdk',
      ],
      ['no format', 'qcow2', async () => DISK, 'Image disk_format qcow2 does not match stream data raw'],
      [
        'a format that is not converted',
        'iso',
        async () => DISK,
        'image_conversion failed: cannot convert from the format iso',
      ],
    ]
    for (const [what, format, make, message] of refusals) {
      it(`refuses data with ${what}, and leaves nothing`, async () => {
        const service = await start(CONVERT)
        const failed = await importInto(service, await make(), {disk_format: format})
        assert.deepEqual([failed.status, failed.message], ['failure, queued', message])
        assert.equal(failed.image['disk_format'], format)
        assert.ok(!(await service.listStored()).includes(failed.id))
      })
    }

    it('does not take a disk of a format for a raw one', async () => {
      const service = await start(CONVERT, 'output_format=vmdk')
      const failed = await importInto(service, await convert('qcow2'), {disk_format: 'raw'})
      const message = 'Image disk_format raw does not match stream data qcow2'
      assert.deepEqual([failed.status, failed.message], ['failure, queued', message])
    })

    it('reports what qemu-img reports, without paths', async () => {
      const data = await convert('qcow2')
      data.writeBigUInt64BE(0xfff0000000000000n, 40)
      const failed = await importInto(await start(CONVERT), data, {disk_format: 'qcow2'})
      assert.equal(failed.status, 'failure, queued')
      assert.match(failed.message, /^image_conversion failed: qemu-img: Could not open 'image': /)
    })

    it('stops at the largest size of an image, and in time', async () => {
      const cap = await start(CONVERT, `image_size_cap=${MIB / 2}`)
      const large = await importInto(cap, await convert('qcow2'), {disk_format: 'qcow2'})
      const message = 'Denying attempt to upload image larger than 524288 bytes.'
      assert.deepEqual([large.status, large.message], ['failure, queued', message])
      const small = await start(CONVERT, 'output_format=qcow2', `image_size_cap=${MIB / 2}`)
      const noise = await importInto(small, randomBytes(MIB / 2), {disk_format: 'raw'})
      assert.equal(noise.message, 'image_conversion failed: the result is larger than the image may be')
    })

    it('fails without the memory that it needs', async () => {
      await convert('qcow2')
      const [source, target] = [join(folder, 'disk.other'), join(folder, 'starved')]
      const limits = {seconds: 60, memory: 20 * MIB, size: MIB}
      const converted = convertFile(
        {source, from: 'qcow2', target, to: 'raw'},
        limits,
        new AbortController().signal,
      )
      await assert.rejects(converted, {message: 'it needs more memory than it may use'})
    })

    describe('by a program that hangs', () => {
      const path = process.env['PATH']
      let disk: Buffer
      before(async () => {
        disk = await convert('qcow2')
        await mkdir(join(folder, 'bin'))
        await writeFile(
          join(folder, 'bin', 'qemu-img'),
          '#!/bin/sh\n[ "$1" = --version ] && exit\nfor last; do :; done\n: > "$last"\nexec sleep 1000\n',
          {mode: 0o755},
        )
        process.env['PATH'] = join(folder, 'bin') + delimiter + path
      })
      after(() => {
        process.env['PATH'] = path
      })

      it('ends it in time', async () => {
        const service = await start(CONVERT, 'conversion_timeout=1')
        const failed = await importInto(service, disk, {disk_format: 'qcow2'})
        const message = 'image_conversion failed: it takes more than 1 seconds'
        assert.deepEqual([failed.status, failed.message], ['failure, queued', message])
      })

      /** Begins to convert an image. @returns its id */
      const beginConversion = async ({url, dataDir}: TestService): Promise<string> => {
        served = disk
        const create = JSON.stringify({disk_format: 'qcow2', container_format: 'bare'})
        const made = await fetch(`${url}/v2/images`, {method: 'POST', body: create})
        const {id} = (await made.json()) as {id: string}
        const body = JSON.stringify({method: {name: 'web-download', uri: web.url}})
        await fetch(`${url}/v2/images/${id}/import`, {method: 'POST', body})
        while ((await readdir(join(dataDir, 'work')).catch(() => [])).length < 2);
        return id
      }

      it('ends it when the image is deleted', async () => {
        const service = await startService({given: give(CONVERT), fetchFromAnywhere: true})
        const id = await beginConversion(service)
        const read = async (path: string) =>
          (await (await fetch(`${service.url}/v2/${path}`)).json()) as Fields
        const task = (await read(`images/${id}`))['os_glance_import_task']
        await fetch(`${service.url}/v2/images/${id}`, {method: 'DELETE'})
        while ((await read(`tasks/${task}`))['status'] === 'processing');
        const {status, message} = await read(`tasks/${task}`)
        const why = `Image ${id} could not be found after upload. The image may have been deleted during the upload.`
        assert.deepEqual([status, message], ['failure', why])
        assert.deepEqual(await readdir(join(service.dataDir, 'work')), [])
        await service.close()
      })

      it('ends it when the service stops, and the next one starts over', async () => {
        const dataDir = await mkdtemp(join(folder, 'data-'))
        const given = give(CONVERT)
        const stopped = await startService({dataDir, given, fetchFromAnywhere: true, shutdownSeconds: 0})
        const id = await beginConversion(stopped)
        await stopped.close()
        assert.deepEqual(await readdir(join(dataDir, 'work')), [])
        await writeFile(join(dataDir, 'work', 'left-by-a-process-that-died'), '')
        process.env['PATH'] = path
        const next = await startService({dataDir, given, fetchFromAnywhere: true})
        let image: Fields = {}
        while (image['status'] !== 'active')
          image = (await (await fetch(`${next.url}/v2/images/${id}`)).json()) as Fields
        assert.deepEqual([image['disk_format'], image['size']], ['raw', MIB])
        await next.close()
        assert.deepEqual(await readdir(join(dataDir, 'work')), [])
      })
    })

    it('requires qemu-img when the service starts', async () => {
      const path = process.env['PATH']
      process.env['PATH'] = join(folder, 'nothing')
      const settings = {host: '127.0.0.1', port: 0, dataDir: join(folder, 'none'), shutdownSeconds: 1, pid: 1}
      const started = createServer({...settings, given: give(CONVERT)}, {log: () => {}, warn: () => {}})
      await assert
        .rejects(started, {
          message: 'cannot convert images: qemu-img does not run',
          why: 'it is not installed',
        })
        .finally(() => {
          process.env['PATH'] = path
        })
    })
  })

  describe('inject_image_metadata', () => {
    const INJECT = ['image_import_plugins=[no_op,inject_image_metadata]', 'inject=hw_x:1,"note:a:b"']
    const inject = async (token: string, ...more: string[]) =>
      importInto(await start(...INJECT, ...more), DISK, {token, note: 'own'})

    it('adds the properties', async () => {
      const done = await inject('ann:alpha:member')
      assert.deepEqual([done.status, done.message], ['success, active', 'Copied 1 MiB, injected hw_x, note'])
      assert.deepEqual([done.image['hw_x'], done.image['note']], ['1', 'a:b'])
    })

    it('takes the quotes of the original', async () => {
      const api = await start(INJECT[0] as string, 'inject="hw_x":"1", "note":\'a:b\'')
      const done = await importInto(api, DISK, {token: 'ann:alpha:member', note: 'own'})
      assert.deepEqual([done.image['hw_x'], done.image['note']], ['1', 'a:b'])
    })

    it('adds none for the roles that are ignored, administrators unless others are named', async () => {
      const done = await inject('root:alpha:admin')
      assert.deepEqual(
        [done.message, done.image['note'], done.image['hw_x']],
        ['Copied 1 MiB', 'own', undefined],
      )
      const other = await inject('root:alpha:admin', 'ignore_user_roles=reviewer')
      assert.equal(other.image['note'], 'a:b')
      assert.equal(
        (await inject('ann:alpha:reviewer,member', 'ignore_user_roles=Reviewer')).image['note'],
        'own',
      )
    })

    for (const name of ['disk_format', 'os_glance_import_task', 'tags', 'locations']) {
      it(`does not start with ${name} as a property`, async () => {
        const settings = {
          host: '127.0.0.1',
          port: 0,
          dataDir: join(folder, 'none'),
          shutdownSeconds: 1,
          pid: 1,
        }
        const started = createServer(
          {...settings, given: give(`inject=${name}:x`)},
          {log: () => {}, warn: () => {}},
        )
        await assert.rejects(started, {message: `cannot inject the property ${name}`})
      })
    }
  })
})
