/** `glance-control`: the sessions of the administration manual, and what is refused. */
import assert from 'node:assert/strict'
import {mkdir, readFile, writeFile} from 'node:fs/promises'
import {join, resolve} from 'node:path'
import {readCommandLine} from '../../src/lib/io/daemons/daemon.js'
import {control} from '../../src/programs/control.js'
import {fakeIo} from '../support/fake-io.js'
import {useTempDir} from '../support/temp-dir.js'

const SCRIPTS = resolve(import.meta.dirname, '../../../bin')

describe('glance-control', () => {
  // Before the folder goes, which knows the process.
  afterEach(() => kill().catch(() => {}))
  const folder = useTempDir()
  const path = (name: string) => join(folder(), name)
  const pidFile = () => path('var/run/glance/glance-api.pid')
  const readPid = async () => Number(await readFile(pidFile(), 'utf8'))

  async function kill(): Promise<void> {
    const pid = await readPid()
    if (pid > 1 && pid !== process.pid) process.kill(pid, 'SIGKILL')
  }

  /** Runs a command line as root would. @returns its exit code, then its lines */
  async function run(line: string): Promise<readonly (number | string)[]> {
    const {io, seen} = fakeIo({cwd: folder(), home: folder()})
    const argv = line === '' ? [] : line.split(' ')
    const code = await control(argv, {...io, isRoot: true}, {scripts: SCRIPTS, root: folder()})
    const {stdout, stderr} = seen()
    return [code, ...(stdout + stderr).replaceAll(folder(), '/home/jsuh').split('\n').slice(0, -1)]
  }

  async function configure(port = '0'): Promise<void> {
    const lines = [
      '[DEFAULT]',
      `bind_port = ${port}`,
      `data_dir = ${path('data')}`,
      `log_file = ${path('log')}`,
    ]
    await writeFile(path('glance-api.conf'), `${lines.join('\n')}\n`)
  }

  it('starts, restarts and stops a server as the manual shows', async () => {
    await configure()
    assert.deepEqual(await run('api start glance-api.conf'), [
      0,
      'Starting glance-api with /home/jsuh/glance-api.conf',
    ])
    const first = await readPid()
    const words = await readCommandLine(first)
    assert.deepEqual(words?.slice(1), [
      join(SCRIPTS, 'glance-api.js'),
      path('glance-api.conf'),
      '--pid-file',
      pidFile(),
    ])
    assert.deepEqual(await run('api status'), [0, `glance-api (pid ${first}) is running`])
    assert.deepEqual(await run('api start glance-api.conf'), [
      5,
      'glance-api: it appears to already be running: /home/jsuh/var/run/glance/glance-api.pid',
      '  Use the action restart.',
    ])
    assert.deepEqual(await run('api reload'), [0, `Reloading glance-api pid: ${first} signal: 1`])
    assert.deepEqual(await run('api restart glance-api.conf'), [
      0,
      `Stopping glance-api pid: ${first} signal: 15`,
      'Starting glance-api with /home/jsuh/glance-api.conf',
    ])
    const second = await readPid()
    assert.notEqual(second, first)
    assert.deepEqual(await run('api stop'), [0, `Stopping glance-api pid: ${second} signal: 15`])
    assert.deepEqual(await run('api status'), [3, 'glance-api is not running'])
    const log = await readFile(path('log'), 'utf8')
    assert.match(log, /reloaded the settings.*takes over.*stopped.*listening on .*stopped/s)
  })

  it('keeps a server that runs when the new settings are not valid', async () => {
    await configure()
    await run('api start glance-api.conf --wait 50')
    const pid = await readPid()
    await configure('x')
    const failure = [
      2,
      "glance-api: invalid bind_port 'x' in /home/jsuh/glance-api.conf: expected a whole number from 0 to 65535",
    ]
    assert.deepEqual(await run('api restart'), failure)
    assert.deepEqual(await run('api reload'), failure)
    assert.equal(await readPid(), pid)
    await configure()
    const [code] = await run('api restart glance-api.conf --debug')
    assert.equal(code, 0)
    assert.ok((await readCommandLine(await readPid()))?.includes('--debug'))
  })

  it('restarts and stops the registry server as the manual shows', async () => {
    const settings = ['[DEFAULT]', 'bind_port = 0', `data_dir = ${path('records')}`]
    await mkdir(path('etc'))
    await writeFile(path('etc/glance-registry.conf'), `${settings.join('\n')}\n`)
    const starting = 'Starting glance-registry with /home/jsuh/etc/glance-registry.conf'
    const stopping = /^Stopping glance-registry pid: \d+ signal: 15$/
    assert.deepEqual(await run('registry start etc/glance-registry.conf'), [0, starting])
    const [code, first = '', second] = await run('registry restart etc/glance-registry.conf')
    assert.deepEqual([code, second], [0, starting])
    assert.match(String(first), stopping)
    const [last, line = ''] = await run('registry stop')
    assert.equal(last, 0)
    assert.match(String(line), stopping)
  })

  it('prints the failure of a server that does not start', async () => {
    await configure('x')
    assert.deepEqual(await run('api start'), [
      2,
      'Starting glance-api with /home/jsuh/glance-api.conf',
      "glance-api: invalid bind_port 'x' in /home/jsuh/glance-api.conf: expected a whole number from 0 to 65535",
    ])
  })

  it('signals no other process that has the id in the file', async () => {
    await mkdir(join(pidFile(), '..'), {recursive: true})
    await writeFile(pidFile(), `${process.pid}\n`)
    assert.deepEqual(await run('api stop'), [0, 'No glance-api running'])
    const left =
      'glance-api is not running, but its pid file is left: /home/jsuh/var/run/glance/glance-api.pid'
    assert.deepEqual(await run('api status'), [1, left])
    await writeFile(pidFile(), 'all\n')
    assert.deepEqual(await run('api stop'), [
      1,
      'glance-api: invalid pid file /home/jsuh/var/run/glance/glance-api.pid: expected the id of a process',
      '  Remove the file if it is not one of glance-control.',
    ])
  })

  it('controls both servers, each with its own file', async () => {
    assert.deepEqual(await run('all stop'), [0, 'No glance-api running', 'No glance-registry running'])
    assert.deepEqual(await run('all start'), [
      2,
      'ERROR: Unable to locate any configuration file. Cannot load application glance-registry',
      'ERROR: Unable to locate any configuration file. Cannot load application glance-api',
    ])
    assert.deepEqual(await run('all start x.conf'), [
      2,
      'glance-control: all takes no CONFPATH and no options of servers',
      '  the servers have files of their own',
      '  Control each server by its name.',
    ])
  })

  for (const [line, ...lines] of [
    ['apis start', "glance-control: unknown server 'apis'. Did you mean 'api'?"],
    ['api', 'glance-control: no action is given: expected start, stop, restart, reload, status'],
    ['api strat', "glance-control: unknown action 'strat'. Did you mean 'start'?"],
    ['api start --pid-file', "glance-control: option '--pid-file' requires a value"],
  ] as const) {
    it(`refuses '${line}'`, async () => {
      assert.deepEqual(await run(line), [2, ...lines, '  Run glance-control --help.'])
    })
  }

  it('refuses a time that is not a number', async () => {
    const line = "glance-api: invalid --wait 'x': expected a whole number of seconds"
    assert.deepEqual(await run('api stop --wait x'), [2, line])
  })

  it('prints help', async () => {
    const [code, usage] = await run('--help')
    assert.deepEqual([code, usage], [0, 'Usage: glance-control SERVER ACTION [CONFPATH] [options]'])
    assert.deepEqual((await run(''))[0], 2)
  })
})
