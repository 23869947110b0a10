/** Settings of an operator: where they are given, and what is refused. */
import assert from 'node:assert/strict'
import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {openIdentification} from '../../src/server/auth/open-identification.js'
import {loadSettings} from '../../src/server/config.js'
import {parseConfig} from '../../src/server/settings/config-file.js'
import {readSettings} from '../../src/server/settings/setting.js'
import {GivenSettings} from '../../src/server/settings/sources.js'
import {QUOTAS} from '../../src/server/settings/tables/callers.js'
import {CONVERSION} from '../../src/server/settings/tables/imports.js'
import {REGISTRY} from '../../src/server/settings/tables/registry.js'
import {SWIFT_STORE} from '../../src/server/settings/tables/stores.js'
import {useTempDir} from '../support/temp-dir.js'

describe('settings of an operator', () => {
  const folder = useTempDir()

  const give = (content: string, assignments: string[] = [], env = {}) =>
    new GivenSettings({
      assignments,
      env,
      file: {path: '/etc/glance.conf', values: parseConfig(content, '/etc/glance.conf')},
    })

  it('come from the command line, then the environment, then the file, then the default', () => {
    const file = '[DEFAULT]\nswift_store_user = a:b\nswift_store_container = c\nswift_store_region = d\n'
    const env = {GLANCE_SWIFT_STORE_CONTAINER: 'from-env', GLANCE_SWIFT_STORE_REGION: 'r'}
    const values = readSettings(SWIFT_STORE, give(file, ['swift_store_region=set'], env).in())
    assert.equal(values.swift_store_user, 'a:b')
    assert.equal(values.swift_store_container, 'from-env')
    assert.equal(values.swift_store_region, 'set')
    assert.equal(values.swift_store_large_object_size, 5120)
  })

  it('of a store go before those of all stores', () => {
    const file =
      'swift_store_user = all\nswift_store_key = k\n[archive]\nswift_store_user = own\n[other]\nx = 1'
    const {swift_store_user, swift_store_key} = readSettings(SWIFT_STORE, give(file).in('archive'))
    assert.deepEqual([swift_store_user, swift_store_key], ['own', 'k'])
    const inherited = give('', [], {GLANCE_ARCHIVE__SWIFT_STORE_KEY: 'secret'})
    assert.equal(readSettings(SWIFT_STORE, inherited.in('archive')).swift_store_key, 'secret')
    const assigned = give('', ['archive.swift_store_user=u'])
    assert.equal(readSettings(SWIFT_STORE, assigned.in('archive')).swift_store_user, 'u')
  })

  it('have other names in the sections of later releases', () => {
    const values = readSettings(REGISTRY, give('[database]\nconnection = postgres://h/d\n').in())
    assert.equal(values.sql_connection, 'postgres://h/d')
    const quotas = readSettings(QUOTAS, give('[glance_store]\nimage_size_cap = 5\n').in())
    assert.equal(quotas.image_size_cap, 5)
  })

  it('keep # and ; in values, and continue indented lines', () => {
    const values = parseConfig(
      '# c\n; c\n\nkey = a#b;c\n[s.1]\nquoted: "x y"\nlong = 1,\n  2\nempty =\n',
      'f',
    )
    assert.deepEqual([...(values.get('DEFAULT') ?? [])], [['key', 'a#b;c']])
    assert.deepEqual(
      [...(values.get('s.1') ?? [])],
      [
        ['quoted', 'x y'],
        ['long', '1,\n2'],
        ['empty', ''],
      ],
    )
  })

  it('keep the quotes around items of a list', () => {
    const values = parseConfig('inject = "a":"b", "c":"d"\npassword = "a"b"\n', 'f')
    assert.deepEqual(
      [...(values.get('DEFAULT') ?? [])],
      [
        ['inject', '"a":"b", "c":"d"'],
        ['password', 'a"b'],
      ],
    )
  })

  it('fail for a line that is not a setting, without its content', () => {
    assert.throws(() => parseConfig('[DEFAULT]\nsecret', 'glance.conf'), {
      kind: 'usage',
      message: 'invalid line 2 in glance.conf: expected [SECTION] or NAME = VALUE',
    })
  })

  it('fail for an invalid value, naming the source; a secret is not shown', () => {
    assert.throws(() => readSettings(QUOTAS, give('image_size_cap = big').in()), {
      message:
        "invalid image_size_cap 'big' in /etc/glance.conf: expected a number of bytes, or a number with B, KB, MB, GB or TB",
    })
  })

  it('fail at the start for an invalid value that nothing needs yet', async () => {
    for (const [set, message] of [
      ['image_size_cap=big', /^invalid image_size_cap 'big' in --set: /],
      ['s3_store_large_object_size=4', /^invalid s3_store_large_object_size '4' in --set: /],
      ['delay_auth_decision=perhaps', /^invalid delay_auth_decision 'perhaps' in --set: /],
    ] as const) {
      await assert.rejects(loadSettings({set: [set]}, {HOME: '/h'}), {kind: 'usage', message})
    }
  })

  it('of callers cause a warning without authentication', async () => {
    const file = '[keystone_authtoken]\nusername = glance\npassword = hunter2\n[DEFAULT]\nadmin_role = boss\n'
    const listWarnings = async (auth: 'none' | 'fake', content: string) => {
      const warnings: string[] = []
      const warn = (line: string) => warnings.push(line)
      await openIdentification({auth, given: give(content)}, {log: () => {}, warn})
      return warnings
    }
    assert.deepEqual(await listWarnings('none', file), [
      'without effect: service_user, service_password, admin_role, which need --auth keystone',
    ])
    assert.deepEqual(await listWarnings('fake', file), [
      'without effect: service_user, service_password, which need --auth keystone',
    ])
    const path = join(folder(), 'policy.yaml')
    await writeFile(path, 'delete_image: "!"\n')
    assert.deepEqual(await listWarnings('none', `policy_file = ${path}`), [
      'the rules of policy_file distinguish no callers, because each is the administrator: they need --auth keystone',
    ])
    assert.deepEqual(await listWarnings('fake', `policy_file = ${path}`), [])
    assert.deepEqual(await listWarnings('none', ''), [])
  })

  it('refuse secrets and unknown names on the command line', () => {
    assert.throws(() => give('', ['swift_store_key=hunter2']), {
      message: 'cannot take swift_store_key from the command line',
      advice: 'Set GLANCE_SWIFT_STORE_KEY, or write it into a file for --config-file.',
    })
    assert.throws(() => give('', ['my-store.swift_store_key=hunter2']), {
      advice: 'Set GLANCE_MY_STORE__SWIFT_STORE_KEY, or write it into a file for --config-file.',
    })
    assert.throws(() => give('', ['swift_store_usr=a']), {
      message: "unknown setting 'swift_store_usr'. Did you mean 'swift_store_user'?",
    })
    assert.throws(() => give('', ['nothing']), {
      message: "invalid --set 'nothing': expected NAME=VALUE",
    })
  })

  it('are refused where they make no sense', () => {
    for (const [table, line, expected] of [
      [
        CONVERSION,
        'conversion_memory = 1',
        'a number of bytes, or a number with B, KB, MB, GB or TB, 256MB or more',
      ],
      [CONVERSION, 'conversion_timeout = 2147484', 'a whole number from 1 to 2147483'],
      [REGISTRY, 'sql_timeout = 0', 'a whole number from 1 to 2147483'],
      [REGISTRY, 'sql_timeout = 99999999', 'a whole number from 1 to 2147483'],
    ] as const) {
      const [name, value] = line.split(' = ')
      assert.throws(() => readSettings(table, give(line).in()), {
        kind: 'usage',
        message: `invalid ${name} '${value}' in /etc/glance.conf: expected ${expected}`,
      })
    }
    assert.equal(
      readSettings(CONVERSION, give('conversion_memory = 256MB').in()).conversion_memory,
      268435456,
    )
  })

  it('of the file that are unknown are named with the nearest one', () => {
    const file =
      'enabled_backends = fast:file\nswift_store_usr = a\nworkers = 4\n[paste_deploy]\nflavor = keystone\n[fast]\nbogus = 1\n' +
      '[databse]\nconnection = x\n[pipeline:glance-api]\npipeline = authtoken\n[task]\nwork_dir = /x\n[barbican]\n'
    assert.deepEqual(give(file, ['slow.swift_store_user=a', 'fast.swift_store_user=a']).describeUnknown(), [
      '--set slow.swift_store_user is ignored: enabled_backends names no such store.',
      "/etc/glance.conf: unknown setting swift_store_usr in [DEFAULT] is ignored. Did you mean 'swift_store_user'?",
      '/etc/glance.conf: workers in [DEFAULT] is ignored: the service is one process; start several on one registry in its place',
      '/etc/glance.conf: unknown setting bogus in [fast] is ignored.',
      "/etc/glance.conf: unknown section [databse] is ignored. Did you mean 'database'?",
      '/etc/glance.conf: section [pipeline:glance-api] is ignored: there are no pipelines of filters; flavor = keystone in [paste_deploy] asks for authentication',
      '/etc/glance.conf: section [task] is ignored: this service has no such settings',
    ])
  })

  it('of the environment that are unknown are named with the nearest one', () => {
    const env = {
      GLANCE_BIND_PRT: '1',
      GLANCE_BIND_PORT: '1',
      GLANCE_FAST__STORE_DESCRIPTION: 'x',
      GLANCE_SLOW__STORE_DESCRIPTION: 'x',
      GLANCE_CLIENT_KEY_FILE: '/k',
      GLANCE_COMPLETION_REFRESH: 'off',
      GLANCE_API_PORT_9292_TCP_ADDR: '10.0.0.1',
      GLANCE_API_PORT: 'tcp://10.0.0.1:9292',
      GLANCE_REGISTRY_PORT: 'tcp://10.0.0.2:9191',
      GLANCE_SERVICE_HOST: '10.0.0.1',
    }
    const given = give('enabled_backends = fast:file', [], env)
    assert.equal(given.in()('registry_port'), undefined)
    assert.deepEqual(given.describeUnknown(), [
      'variable GLANCE_REGISTRY_PORT is ignored: Kubernetes sets it for a service, to tcp://10.0.0.2:9191. Give the port in a file or with --set, or set enableServiceLinks to false.',
      "unknown variable GLANCE_BIND_PRT is ignored. Did you mean 'GLANCE_BIND_PORT'?",
      'unknown variable GLANCE_SLOW__STORE_DESCRIPTION is ignored.',
    ])
  })

  /** The settings that were given. */
  const listGiven = (given: GivenSettings | undefined) => given?.list().filter(({from}) => from !== 'default')

  it('are loaded from a file and listed without secrets', async () => {
    const path = join(folder(), 'glance.conf')
    const lines = [
      'swift_store_key = hunter2',
      'swift_store_user = a:b',
      'sql_connection = postgres://u:p@h/d',
    ]
    await writeFile(path, `[DEFAULT]\n${lines.join('\n')}`)
    const {given} = await loadSettings({configFile: path, set: ['admin_role=boss']}, {HOME: '/home/ann'})
    assert.deepEqual(listGiven(given), [
      {name: 'sql_connection', value: '***', from: path},
      {name: 'swift_store_user', value: 'a:b', from: path},
      {name: 'swift_store_key', value: '***', from: path},
      {name: 'admin_role', value: 'boss', from: '--set'},
    ])
    const all = given?.list() ?? []
    assert.deepEqual(
      all.filter(({name}) => ['bind_port', 'data_dir', 'token_cache_time', 'log_file'].includes(name)),
      [
        {name: 'bind_port', value: '9292', from: 'default'},
        {name: 'data_dir', value: '/home/ann/.local/share/glance', from: 'default'},
        {name: 'log_file', value: '', from: 'default'},
        {name: 'token_cache_time', value: '300', from: 'default'},
      ],
    )
  })

  it('of stores are listed with the names of the stores', () => {
    const file = 'enabled_backends = a-b:swift\n[a-b]\nswift_store_user = u\n[other]\nswift_store_user = v\n'
    const given = give(file, [], {GLANCE_A_B__SWIFT_STORE_KEY: 'hunter2'})
    assert.deepEqual(listGiven(given), [
      {name: 'enabled_backends', value: 'a-b:swift', from: '/etc/glance.conf'},
      {name: 'a-b.swift_store_user', value: 'u', from: '/etc/glance.conf'},
      {name: 'a-b.swift_store_key', value: '***', from: 'GLANCE_A_B__SWIFT_STORE_KEY'},
    ])
  })

  it('of each store are checked, whatever its kind', async () => {
    const path = join(folder(), 'glance.conf')
    const stores = 'enabled_backends = web:http, fast:file\n[web]\nswift_store_retry_get_count = many\n'
    await writeFile(path, stores)
    await assert.rejects(loadSettings({configFile: path}, {HOME: '/h'}), {
      message: `invalid swift_store_retry_get_count 'many' in ${path}: expected a whole number, 0 or greater`,
    })
  })

  it('refuse a file that cannot be read, and a password in the URL of the registry', async () => {
    await assert.rejects(loadSettings({configFile: '/nowhere/x.conf'}, {HOME: '/h'}), {
      message: 'cannot read the configuration file /nowhere/x.conf',
    })
    for (const text of [
      'postgres://u:p@h/d',
      'postgresql+psycopg2://u:p/x@h/d',
      'postgres://u@h/d?sslmode=require&password=p',
    ]) {
      const flags = {sql_connection: {text, from: '--registry'}}
      await assert.rejects(loadSettings({flags}, {HOME: '/h'}), {
        message: 'cannot take a password in sql_connection from the command line',
        advice: 'Set GLANCE_SQL_CONNECTION, or write it into a file for --config-file.',
      })
    }
    for (const text of ['postgres://u@h:5432/d', 'sqlite:/srv/a:b@c'])
      await loadSettings({flags: {sql_connection: {text, from: '--registry'}}}, {HOME: '/h'})
  })

  it('refuse a URL of Keystone that is not used, because the service would be open', async () => {
    const flags = {auth_url: {text: 'http://k:5000', from: '--keystone-url'}}
    await assert.rejects(loadSettings({flags}, {HOME: '/h'}), {
      message: '--keystone-url requires --auth keystone',
    })
  })
})
