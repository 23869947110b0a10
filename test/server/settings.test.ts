/** Settings of an operator: where they are given, and what is refused. */
import assert from 'node:assert/strict'
import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {openIdentification} from '../../src/server/auth/open-identification.js'
import {describeSettings, loadSettings} from '../../src/server/config.js'
import {parseConfig} from '../../src/server/settings/config-file.js'
import {readSettings} from '../../src/server/settings/setting.js'
import {GivenSettings} from '../../src/server/settings/sources.js'
import {QUOTAS} from '../../src/server/settings/tables/callers.js'
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

  it('of the file that are unknown are named with the nearest one', () => {
    const file =
      'enabled_backends = fast:file\nswift_store_usr = a\n[paste_deploy]\nflavor = keystone\n[fast]\nbogus = 1\n'
    assert.deepEqual(give(file, ['slow.swift_store_user=a', 'fast.swift_store_user=a']).describeUnknown(), [
      '--set slow.swift_store_user is ignored: enabled_backends names no such store.',
      "/etc/glance.conf: unknown setting swift_store_usr in [DEFAULT] is ignored. Did you mean 'swift_store_user'?",
      '/etc/glance.conf: unknown setting bogus in [fast] is ignored.',
    ])
  })

  it('are loaded from a file and described without secrets', async () => {
    const path = join(folder(), 'glance.conf')
    await writeFile(path, '[DEFAULT]\nswift_store_key = hunter2\nswift_store_user = a:b\n')
    const settings = await loadSettings({configFile: path, set: ['admin_role=boss']}, {HOME: '/home/ann'})
    assert.deepEqual(describeSettings(settings).slice(-3), [
      `setting swift_store_user = a:b (${path})`,
      `setting swift_store_key = *** (${path})`,
      'setting admin_role = boss (--set)',
    ])
  })

  it('of stores are described with the names of the stores', () => {
    const file = 'enabled_backends = a-b:swift\n[a-b]\nswift_store_user = u\n[other]\nswift_store_user = v\n'
    const given = give(file, [], {GLANCE_A_B__SWIFT_STORE_KEY: 'hunter2'})
    assert.deepEqual(given.describe(), [
      'setting enabled_backends = a-b:swift (/etc/glance.conf)',
      'setting a-b.swift_store_user = u (/etc/glance.conf)',
      'setting a-b.swift_store_key = *** (GLANCE_A_B__SWIFT_STORE_KEY)',
    ])
  })

  it('refuse a file that cannot be read, and a password in the URL of the registry', async () => {
    await assert.rejects(loadSettings({configFile: '/nowhere/x.conf'}, {HOME: '/h'}), {
      message: 'cannot read the configuration file /nowhere/x.conf',
    })
    for (const registry of ['postgres://u:p@h/d', 'postgres://u@h/d?sslmode=require&password=p']) {
      await assert.rejects(loadSettings({registry}, {HOME: '/h'}), {
        message: 'cannot take the password of the registry from the command line',
      })
    }
  })

  it('refuse a URL of Keystone that is not used, because the service would be open', async () => {
    await assert.rejects(loadSettings({keystoneUrl: 'http://k:5000'}, {HOME: '/h'}), {
      message: '--keystone-url requires --auth keystone',
    })
  })
})
