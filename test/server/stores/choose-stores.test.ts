/** Which stores the settings ask for, and what is refused. */
import assert from 'node:assert/strict'
import {mkdir, symlink} from 'node:fs/promises'
import {join} from 'node:path'
import {openBackends} from '../../../src/server/backends.js'
import {GivenSettings} from '../../../src/server/settings/sources.js'
import {chooseStores} from '../../../src/server/stores/set/choose-stores.js'
import {openStores} from '../../../src/server/stores/set/open-stores.js'
import {useTempDir} from '../../support/temp-dir.js'

const give = (...assignments: string[]) => new GivenSettings({assignments, env: {}})

describe('the choice of stores', () => {
  it('is one store of the kind default_store, and that of web servers', () => {
    const web = {name: 'http', kind: 'http'}
    assert.deepEqual(chooseStores(give()), {stores: [{name: 'file', kind: 'file'}, web], defaultName: 'file'})
    const swift = chooseStores(give('default_store=swift'))
    assert.deepEqual(swift, {stores: [{name: 'swift', kind: 'swift'}, web], defaultName: 'swift'})
  })

  it('is several stores, which have sections', () => {
    const {stores, defaultName} = chooseStores(
      give('enabled_backends=fast:file, archive:Swift,web:http', 'default_backend=archive'),
    )
    assert.deepEqual(stores, [
      {name: 'fast', kind: 'file', section: 'fast'},
      {name: 'archive', kind: 'swift', section: 'archive'},
      {name: 'web', kind: 'http', section: 'web'},
    ])
    assert.equal(defaultName, 'archive')
    const some = chooseStores(give('enabled_backends=a:file', 'default_backend=a'))
    assert.deepEqual(some.stores.at(-1), {name: 'http', kind: 'http'})
  })

  for (const [list, message] of [
    ['fast', "expected NAME:KIND in place of 'fast'"],
    [
      'fast:fil',
      "unknown kind 'fil' of the store 'fast', expected file, swift, s3 or http. Did you mean 'file'?",
    ],
    ['fast:rbd', "unknown kind 'rbd' of the store 'fast', expected file, swift, s3 or http."],
    ['a/b:file', "the name 'a/b' may have letters, digits, dots, hyphens and underscores only"],
    ['database:file', '[database] is a section for other settings; choose another name for the store'],
    [
      'os_glance_staging_store:file',
      '[os_glance_staging_store] is a section for other settings; choose another name for the store',
    ],
    ['a:file,a:swift', "the store 'a' is named twice"],
    ['a-b:file,a_b:swift', "the names 'a-b' and 'a_b' are too similar"],
    ['a:file,w:http,x:http', 'w and x are both of kind http, and one reads all web servers'],
    ['http:file', "'http' is the name of the store for web servers"],
    ['web:http', 'no store takes data: those of kind http are only read'],
  ] as const) {
    it(`refuses ${list}`, () => {
      assert.throws(() => chooseStores(give(`enabled_backends=${list}`, 'default_backend=a')), {
        kind: 'usage',
        message: `invalid enabled_backends: ${message}`,
      })
    })
  }

  it('needs a default store that takes data', () => {
    const list = 'enabled_backends=a:file,b:s3,web:http'
    assert.throws(() => chooseStores(give(list)), {
      message: 'enabled_backends requires default_backend',
      advice: 'Set default_backend to a or b.',
    })
    assert.throws(() => chooseStores(give(list, 'default_backend=c')), {
      message: "invalid default_backend 'c': expected a or b",
      why: 'enabled_backends does not name it',
    })
    assert.throws(() => chooseStores(give(list, 'default_backend=web')), {
      why: 'a store of kind http is only read',
    })
    assert.throws(() => chooseStores(give('default_backend=a')), {
      message: 'default_backend requires enabled_backends',
    })
  })
})

describe('the opened stores', () => {
  const folder = useTempDir()

  const open = (...assignments: string[]) => openStores(give(...assignments), join(folder(), 'images'))
  const two = ['enabled_backends=fast:file,slow:file', 'default_backend=slow']

  it('are in their folders, which are created, and have the descriptions that are given', async () => {
    const [fast, slow] = [join(folder(), 'a', 'fast'), join(folder(), 'slow')]
    const stores = await open(
      ...two,
      `fast.filesystem_store_datadir=${fast}`,
      `slow.filesystem_store_datadir=${slow}`,
      'fast.store_description=NVMe',
    )
    assert.deepEqual(
      stores.entries.map(({store: _, ...entry}) => entry),
      [
        {name: 'fast', kind: 'file', description: 'NVMe', properties: {data_dir: fast}},
        {name: 'slow', kind: 'file', description: undefined, properties: {data_dir: slow}},
        {name: 'http', kind: 'http', description: 'web servers of others', properties: {}},
      ],
    )
    assert.equal(stores.default.name, 'slow')
    assert.deepEqual(
      [`file://${fast}/x`, `file://${slow}/x`, 'https://h/x', 'swift://a/c/x'].map(url =>
        stores.findName(url),
      ),
      ['fast', 'slow', 'http', undefined],
    )
  })

  it('are told apart where folders have one name, and found where the only one of a name was moved', async () => {
    const [fast, slow] = [join(folder(), 'a', 'data'), join(folder(), 'b', 'data')]
    const folders = [`fast.filesystem_store_datadir=${fast}`, `slow.filesystem_store_datadir=${slow}`]
    const stores = await open(...two, ...folders)
    assert.deepEqual(
      [`file://${fast}/x`, `file://${slow}/x`, 'file:///c/data/x'].map(url => stores.findName(url)),
      ['fast', 'slow', undefined],
    )
    assert.equal((await open()).findName('file:///c/images/x'), 'file')
  })

  it('of kind file need folders of their own', async () => {
    await assert.rejects(open(...two), {
      kind: 'usage',
      message: "cannot open the store 'fast': a store of kind file requires filesystem_store_datadir",
      advice: 'The settings of this store alone are in the section [fast] of a file.',
    })
    await assert.rejects(open('filesystem_store_datadir=data'), {
      message: "invalid filesystem_store_datadir 'data': expected an absolute path",
    })
    const real = join(folder(), 'real')
    await mkdir(real)
    await symlink(real, join(folder(), 'link'))
    const folders = [
      `fast.filesystem_store_datadir=${real}`,
      `slow.filesystem_store_datadir=${folder()}/link`,
    ]
    await assert.rejects(open(...two, ...folders), {
      kind: 'usage',
      message: "the stores 'fast' and 'slow' are in one place",
      why: `data in both would have locations below file://${real}/`,
    })
  })

  it('say which one cannot be opened', async () => {
    const archive = ['enabled_backends=archive:swift', 'default_backend=archive']
    await assert.rejects(open(...archive), {
      message: "cannot open the store 'archive': a store in Swift requires swift_store_user",
    })
    await assert.rejects(open(...two, 'filesystem_store_datadir=/proc/nowhere'), {
      kind: 'failed',
      message: "cannot open the store 'fast': cannot use /proc/nowhere for the data of images",
    })
  })

  it('do not use the folder of staged data', async () => {
    const staging = join(folder(), 'staging')
    const given = give(
      ...two,
      `fast.filesystem_store_datadir=${staging}`,
      `slow.filesystem_store_datadir=${folder()}/slow`,
    )
    const settings = {host: '', port: 0, shutdownSeconds: 1, pid: 1, given}
    await symlink(folder(), join(folder(), 'link'))
    for (const dataDir of [folder(), join(folder(), 'link')]) {
      await assert.rejects(openBackends({...settings, dataDir}, {log: () => {}, warn: () => {}}), {
        kind: 'usage',
        message: `cannot use ${dataDir}/staging for the store 'fast'`,
      })
    }
  })
})
