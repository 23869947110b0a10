/** The data directory: created when absent, refused when unusable, held by one process at a time. */
import assert from 'node:assert/strict'
import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {existsSync} from 'node:fs'
import {chmod, readdir, stat, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {openDataDirectory} from '../../src/server/data-dir.js'
import {useTempDir} from '../support/temp-dir.js'
import {startService} from '../support/test-service.js'

describe('data directory', () => {
  const children: ChildProcess[] = []
  afterEach(async () => {
    for (const child of children.splice(0)) await kill(child)
  })
  const directory = useTempDir()
  const path = () => join(directory(), 'deep', 'data')

  /** Starts a process that opens the directory, and returns its first line. */
  async function another(...words: string[]): Promise<[ChildProcess, string]> {
    const script = fileURLToPath(new URL('./children/hold-data-dir.js', import.meta.url))
    const child = spawn(process.execPath, [script, path(), ...words], {stdio: ['ignore', 'pipe', 'inherit']})
    children.push(child)
    assert.ok(child.stdout)
    const [said] = await once(child.stdout, 'data')
    return [child, String(said)]
  }

  async function kill(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'close')
  }

  it('is created for its owner only', async () => {
    const data = await openDataDirectory(path(), 1)
    assert.deepEqual(
      [data.path, data.registry, data.images],
      [path(), join(path(), 'registry.sqlite'), join(path(), 'images')],
    )
    for (const made of [data.path, data.images]) assert.equal((await stat(made)).mode & 0o777, 0o700)
    data.close()
  })

  it('holds files for its owner only', async () => {
    const service = await startService({dataDir: path()})
    const names = await readdir(path())
    const modes = await Promise.all(names.map(async name => (await stat(join(path(), name))).mode & 0o077))
    await service.close()
    assert.deepEqual(names.sort(), [
      'images',
      'registry.sqlite',
      'registry.sqlite-reserve',
      'registry.sqlite-shm',
      'registry.sqlite-wal',
      'service.lock',
      'service.pid',
      'staging',
    ])
    assert.deepEqual([...new Set(modes)], [0])
  })

  it('loses the access of others when it is empty, and says so', async () => {
    await chmod(directory(), 0o755)
    const service = await startService({dataDir: directory()})
    await service.close()
    assert.equal((await stat(directory())).mode & 0o777, 0o700)
    assert.deepEqual(service.warnings, [
      `others had access to the data directory ${directory()}: changed its mode from 0755 to 0700`,
    ])
  })

  it('loses the access of others to what an older release left', async () => {
    await (await startService({dataDir: directory()})).close()
    await chmod(directory(), 0o750)
    const old = ['registry.sqlite', 'service.lock', 'service.pid', 'images', 'staging'].map(name =>
      join(directory(), name),
    )
    for (const one of old) await chmod(one, 0o755)
    const service = await startService({dataDir: directory()})
    await service.close()
    assert.equal(service.warnings.length, 1)
    for (const one of [directory(), ...old]) assert.equal((await stat(one)).mode & 0o077, 0, one)
  })

  it('is refused when others have access to it and it has other contents', async () => {
    await chmod(directory(), 0o755)
    await writeFile(join(directory(), 'notes'), '')
    await assert.rejects(openDataDirectory(directory(), 1), {
      kind: 'failed',
      message: `cannot use ${directory()} as the data directory`,
      why: 'others have access to it (mode 0755), and it has other contents',
      advice: 'Choose a folder for the service alone, or take the access from others with chmod 700.',
    })
    assert.equal((await stat(directory())).mode & 0o777, 0o755)
  })

  it('is refused while this process uses it, and free again afterwards', async () => {
    const first = await openDataDirectory(path(), 4711)
    await assert.rejects(openDataDirectory(path(), 4712), {
      name: 'Failure',
      kind: 'conflict',
      message: `the data directory ${path()} is in use`,
      why: 'the service with process id 4711 is running on it',
    })
    first.close()
    first.close()
    const second = await openDataDirectory(path(), 4713)
    await assert.rejects(openDataDirectory(path(), 4714), {why: /process id 4713/})
    second.close()
  })

  it('is refused while another process uses it, and free once that is killed', async () => {
    const [child, said] = await another()
    assert.equal(said, 'held\n')
    await assert.rejects(openDataDirectory(path(), 1), {
      kind: 'conflict',
      why: `the service with process id ${child.pid} is running on it`,
    })
    await kill(child)
    const data = await openDataDirectory(path(), 1)
    data.close()
  })

  it('is refused to another process while this one uses it', async () => {
    const data = await openDataDirectory(path(), 4711)
    const [, said] = await another()
    assert.equal(
      said,
      `conflict: the data directory ${path()} is in use: the service with process id 4711 is running on it\n`,
    )
    data.close()
  })

  it('is given to one of many processes that open it at once', async () => {
    const said = await Promise.all(Array.from({length: 4}, () => another()))
    assert.equal(said.filter(([, word]) => word === 'held\n').length, 1)
  })

  it('cannot be a file', async () => {
    await writeFile(join(directory(), 'file'), '')
    await assert.rejects(openDataDirectory(join(directory(), 'file'), 1), {
      kind: 'failed',
      message: `cannot use ${join(directory(), 'file')} as the data directory`,
      why: /ENOTDIR|EEXIST/,
    })
  })

  it('is refused at once when it cannot be created', async function () {
    if (!existsSync('/proc/self')) this.skip()
    await assert.rejects(openDataDirectory('/proc/images/data', 1), {
      message: 'cannot use /proc/images/data as the data directory',
    })
  })

  it('must be writable', async () => {
    await chmod(directory(), 0o555)
    const [, said] = await another('as-nobody')
    assert.match(said, /^failed: cannot use .* as the data directory: EACCES/)
    await chmod(directory(), 0o755)
  })
})
