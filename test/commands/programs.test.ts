/** `glance-api` and `glance-registry`: where they find their settings, and what they say about them. */
import assert from 'node:assert/strict'
import {mkdir, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {findConfigFile} from '../../src/programs/config-search.js'
import {runProgram} from '../../src/programs/program.js'
import {createInterrupt} from '../support/command-line.js'
import {fakeIo} from '../support/fake-io.js'
import {useTempDir} from '../support/temp-dir.js'

describe('programs of the service', () => {
  const folder = useTempDir()
  const home = () => join(folder(), 'home')

  /** Runs a program until it ends. @param line without the name of the program */
  async function run(kind: 'api' | 'registry', line: string, env = {}) {
    const {io, seen} = fakeIo({cwd: folder(), home: home(), env: {HOME: home(), ...env}})
    const code = await runProgram(kind, line === '' ? [] : line.split(' '), io, folder())
    const {stdout, stderr} = seen()
    return [code, stdout, stderr.replaceAll(folder(), 'FOLDER')] as const
  }

  async function write(name: string, content: string): Promise<string> {
    const path = join(folder(), name)
    await mkdir(join(path, '..'), {recursive: true})
    await writeFile(path, content)
    return path
  }

  it('do not start without a file', async () => {
    for (const kind of ['api', 'registry'] as const) {
      assert.deepEqual(await run(kind, ''), [
        2,
        '',
        `ERROR: Unable to locate any configuration file. Cannot load application glance-${kind}\n`,
      ])
    }
  })

  it('search their file in the places of the manual, one after the other', async () => {
    const io = {cwd: folder(), home: home()}
    const search = async () =>
      (await findConfigFile('glance-api', io, join(folder(), 'root')))?.replace(folder(), '')
    assert.equal(await search(), undefined)
    for (const place of ['root/etc', 'root/etc/glance', 'home', 'home/.glance', '.']) {
      await mkdir(join(folder(), place, 'glance-api.conf.d'), {recursive: true})
      await write(join(place, 'glance-api.conf'), '')
      assert.equal(await search(), `/${join(place, 'glance-api.conf')}`)
    }
  })

  it('show every setting with its value and its source', async () => {
    await write(
      'glance-api.conf',
      'bind_port = 1234\ns3_store_secret_key = hunter2\nworkers = 3\nbind_prt = 1\n',
    )
    const env = {GLANCE_SQL_CONNECTION: 'postgres://u:hunter2@h/d', GLANCE_ADMIN_ROLE: 'boss'}
    const line = '--show-config --bind-host 0.0.0.0 --set scrub_time=7 --delayed_delete --token-cache-time -1'
    const [code, stdout, stderr] = await run('api', line, env)
    const shown = stdout.replaceAll(folder(), 'FOLDER').replaceAll(/ {2,}/g, ' ').split('\n')
    for (const expected of [
      'bind_host 0.0.0.0 (--bind-host)',
      'bind_port 1234 (FOLDER/glance-api.conf)',
      'data_dir FOLDER/home/.local/share/glance (default)',
      'log_file - (default)',
      'sql_connection *** (GLANCE_SQL_CONNECTION)',
      'sql_timeout 5 (default)',
      'delayed_delete true (--delayed-delete)',
      'scrub_time 7 (--set)',
      's3_store_secret_key *** (FOLDER/glance-api.conf)',
      'token_cache_time -1 (--token-cache-time)',
      'admin_role boss (GLANCE_ADMIN_ROLE)',
    ])
      assert.ok(shown.includes(expected), `${expected} in ${stdout}`)
    assert.doesNotMatch(stdout, /hunter2/)
    assert.deepEqual(
      [code, stderr],
      [
        0,
        'warning: FOLDER/glance-api.conf: workers in [DEFAULT] is ignored: the service is one process; start several on one registry in its place\n' +
          "warning: FOLDER/glance-api.conf: unknown setting bind_prt in [DEFAULT] is ignored. Did you mean 'bind_port'?\n",
      ],
    )
  })

  const refusals: readonly (readonly [line: string, message: string])[] = [
    ['none.conf', 'cannot read the configuration file FOLDER/none.conf'],
    ['a.conf b.conf', "unexpected argument 'b.conf'"],
    ['a.conf --config-file b.conf', 'give one configuration file: a.conf or --config-file'],
    ['--colour', "unknown option '--colour'"],
    [
      '--bind-port x empty.conf',
      "invalid bind_port 'x' in --bind-port: expected a whole number from 0 to 65535",
    ],
    ['--s3-store-secret-key x empty.conf', 'cannot take s3_store_secret_key from the command line'],
    [
      '--sql-connection postgres://u:p@h/d empty.conf',
      'cannot take a password in sql_connection from the command line',
    ],
    ['--set colour=x empty.conf', "unknown setting 'colour'."],
    ['--debug=perhaps empty.conf', "invalid debug 'perhaps' in --debug: expected true or false"],
  ]
  for (const [line, message] of refusals) {
    it(`refuse ${line}`, async () => {
      await write('empty.conf', '')
      const [code, stdout, stderr] = await run('api', line)
      assert.deepEqual([code, stdout, stderr.split('\n')[0]], [2, '', `glance-api: ${message}`])
    })
  }

  it('have a help with all settings, and a version', async () => {
    const [code, help] = await run('api', '--help')
    assert.deepEqual([code, help.split('\n')[0]], [0, 'Usage: glance-api [FILE] [options]'])
    assert.match(
      help,
      /^ {6}--bind-port VALUE\n {10}Port to listen on; 0 chooses a free one \[default: 9292\]$/m,
    )
    assert.match(help, /^ {6}--debug\n/m)
    assert.match(help, /^ {6}s3_store_secret_key \(not a flag\)\n/m)
    const [, registryHelp] = await run('registry', '--help')
    assert.match(registryHelp, /^ {6}--sql-connection VALUE$/m)
    assert.doesNotMatch(registryHelp, /s3_store/)
    await write('glance-registry.conf', '')
    const [, shown] = await run('registry', '--show-config')
    assert.match(shown, /^bind_port +9191 \(default\)$/m)
    assert.doesNotMatch(shown, /s3_store/)
    assert.match((await run('api', '--version'))[1], /^glance-api \d+\.\d+\.\d+\n$/)
  })

  it('serve images with the settings of the file, until they are interrupted', async () => {
    const file = await write('my.conf', `bind_port = 0\ndata_dir = ${join(folder(), 'data')}\n`)
    const {signal, interrupt} = createInterrupt()
    const {io, seen} = fakeIo({cwd: folder(), home: home(), env: {}, signal})
    let listening: (url: string) => void = () => {}
    const address = new Promise<string>(resolve => {
      listening = resolve
    })
    const write_ = async (data: string | Uint8Array) => {
      const [url] = /http:\S+/.exec(String(data)) ?? []
      if (url !== undefined) listening(url)
      await io.stdout.write(data)
    }
    const ended = runProgram('api', [file], {...io, stdout: {...io.stdout, write: write_}})
    const reply = await fetch(`${await address}/v2/images`)
    assert.equal(reply.status, 200)
    await reply.arrayBuffer()
    interrupt()
    assert.equal(await ended, 0)
    assert.equal(seen().stderr, '')
  })
})
