/** A service as a process that is reloaded, and replaced by another process, while it is used. */
import assert from 'node:assert/strict'
import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {readFile, rename, writeFile} from 'node:fs/promises'
import net from 'node:net'
import {join} from 'node:path'
import {createInterface} from 'node:readline'
import {GLANCE} from '../../support/glance-process.js'
import {startLoad} from '../../support/http/load.js'
import {endUpload, ServiceClient} from '../../support/shared-services.js'
import {useTempDir} from '../../support/temp-dir.js'

const toId = (n: number) => `0000000${n}-0000-4000-8000-000000000000`

describe('a service that runs', () => {
  const pids = new Set<number>()
  // Before the folder goes, which knows the last process.
  afterEach(async () => {
    pids.add(await readPid().catch(() => 0))
    for (const pid of pids) if (pid > 0) killQuietly(pid)
    pids.clear()
  })
  const folder = useTempDir()
  let child: ChildProcess
  let lines: string[]
  let wake: () => void
  let client: ServiceClient

  const path = (name: string) => join(folder(), name)
  const configure = (text: string) => writeFile(path('c.conf'), text)
  const readPid = async () => Number(await readFile(path('data/service.pid'), 'utf8'))

  async function start(...more: readonly string[]): Promise<void> {
    await configure('[DEFAULT]\nimage_count_total = 50\n')
    const args = [
      GLANCE,
      'serve',
      '--port',
      '0',
      '--data-dir',
      path('data'),
      '--config-file',
      path('c.conf'),
      ...more,
    ]
    lines = []
    wake = () => {}
    child = spawn(process.execPath, args, {stdio: ['ignore', 'pipe', 'pipe']})
    pids.add(child.pid!)
    for (const input of [child.stdout!, child.stderr!])
      createInterface({input}).on('line', line => {
        lines.push(line)
        wake()
      })
    client = new ServiceClient((await waitForLine(/^Listening on (\S+)/))[1] ?? '')
  }

  /** The line, after those that were seen before. */
  async function waitForLine(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const line = lines.shift()
      const match = line === undefined ? null : pattern.exec(line)
      if (match) return match
      if (line === undefined) await new Promise<void>(resolve => (wake = resolve))
    }
  }

  it('takes new settings at SIGHUP, while an upload goes on', async () => {
    await start()
    await client.create(toId(1))
    const upload = await client.beginUpload(toId(1))
    await configure('[DEFAULT]\nimage_count_total = 1\n[database]\nmax_pool_size = 3\n')
    child.kill('SIGHUP')
    await waitForLine(/reloaded the settings: image_count_total changed$/)
    await waitForLine(/sql_pool_size changed, restart to apply$/)
    await configure('[DEFAULT]\nimage_count_total = many\n')
    child.kill('SIGHUP')
    await waitForLine(/cannot reload, so the settings stay as they were: invalid image_count_total 'many'/)
    assert.equal(await endUpload(upload), 204)
    assert.equal(await client.readStatus(toId(1)), 'active')
  })

  it('opens its log file anew, also if it was moved', async () => {
    await start('--log-file', path('log'))
    await rename(path('log'), path('log.1'))
    child.kill('SIGHUP')
    const waitFor = async (text: string) => {
      while (!(await readFile(path('log'), 'utf8').catch(() => '')).includes(text));
    }
    await waitFor('reloaded the settings')
    await configure('[DEFAULT]\nimage_count_total = 50\nlog_format = json\n')
    child.kill('SIGHUP')
    await waitFor('"message":"reloaded the settings: log_format changed"}')
  })

  it('hands its port to a new process at SIGUSR2, and no request fails', async () => {
    await start()
    await client.create(toId(1))
    const upload = await client.beginUpload(toId(1))
    const load = startLoad(client.url)
    await load.waitForRound()
    child.kill('SIGUSR2')
    await waitForLine(/restarting: the process \d+ takes over$/)
    await waitForLine(/stopping: finishing the requests in progress$/)
    assert.equal(await endUpload(upload), 204)
    assert.deepEqual(await once(child, 'exit'), [0, null])
    await waitForLine(/listening on /)
    await load.waitForRound()
    assert.deepEqual(await load.end(), [])
    assert.notEqual(await readPid(), child.pid)
    assert.equal(await client.readStatus(toId(1)), 'active')
  })

  it('goes on at SIGUSR2 when the new process cannot start', async () => {
    await start()
    await configure('[DEFAULT]\nimage_count_total = many\n')
    child.kill('SIGUSR2')
    await waitForLine(/cannot restart, so this process goes on: invalid image_count_total 'many'/)
    await client.create(toId(1))
    assert.equal(await client.readStatus(toId(1)), 'queued')
  })

  it('listens on a socket that systemd has opened', async () => {
    const opened = net.createServer().listen(0, '127.0.0.1')
    await once(opened, 'listening')
    const {port} = opened.address() as net.AddressInfo
    const {_handle: handle} = opened as net.Server & {readonly _handle: 'pipe'}
    // The convention of systemd names the process, which a shell knows of itself.
    const run = `LISTEN_FDS=1 LISTEN_PID=$$ exec "$0" "$@"`
    const args = ['-c', run, process.execPath, GLANCE, 'serve', '--port', '1', '--data-dir', path('data')]
    child = spawn('sh', args, {stdio: ['ignore', 'pipe', 'ignore', handle]})
    pids.add(child.pid!)
    const [line] = (await once(createInterface({input: child.stdout!}), 'line')) as [string]
    opened.close()
    assert.equal(line, `Listening on http://127.0.0.1:${port}`)
  })
})

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended.
  }
}
