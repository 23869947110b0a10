/** The extent and the order of the lists of `index` and `details`: pages, limits, questions and sort keys. */
import assert from 'node:assert/strict'
import {glance, type World} from '../support/fake-io.js'
import {startService, type TestService} from '../support/test-service.js'

describe('lists', () => {
  let service: TestService

  before(async () => {
    service = await startService()
    for (const name of ['b', 'c', 'a', 'e', 'd']) {
      assert.equal((await glance(['--url', service.url, 'add', `name=${name}`, 'is_public=yes'])).code, 0)
    }
  })
  after(() => service.close())

  /** The names that are listed, in order, and the sizes of the pages that were requested. */
  async function list(line: string, world: World = {}) {
    const requests = service.log.length
    const {code, stdout, asked} = await glance(['--url', service.url, ...line.split(' ')], world)
    const names = [...stdout.matchAll(/^\S{8,36}(?:…|-\S+) (\w) /gm)].map(([, name]) => name).join('')
    const limits = service.log.slice(requests).flatMap(entry => /[?&]limit=(\d+)/.exec(entry)?.[1] ?? [])
    return {code, names, asked: asked.length, limits: limits.join()}
  }

  const rows: readonly (readonly [string, boolean, string, number, string])[] = [
    ['index', false, 'deacb', 0, '1000'],
    ['index --limit 2', false, 'de', 0, '2'],
    ['index --limit 2', true, 'deacb', 2, '2,2,2'],
    ['index --limit 2 --force', false, 'deacb', 0, '2,2,2'],
    ['index --limit 2 --max-items 3', false, 'dea', 0, '2,1'],
    ['index --page-size 2', false, 'deacb', 0, '2,2,2'],
    ['index --page-size 2', true, 'deacb', 2, '2,2,2'],
    ['index --page-size 2 --limit 3', false, 'dea', 0, '2,1'],
    ['index --page-size 2 --limit 3', true, 'dea', 1, '2,1'],
    ['index --sort-key name', false, 'abcde', 0, '1000'],
    ['index --sort-key name --sort-dir desc', false, 'edcba', 0, '1000'],
    ['index --sort-key created_at', false, 'deacb', 0, '1000'],
    ['index --sort name:desc', false, 'edcba', 0, '1000'],
    ['index --sort size,name', false, 'abcde', 0, '1000'],
    ['index --sort status:asc,name:desc --limit 2 --force', false, 'edcba', 0, '2,2,2'],
    ['index --newest', false, 'd', 0, '1'],
    ['index --newest', true, 'd', 0, '1'],
    ['index --newest name=c', false, 'c', 0, '1'],
    ['index created_at>=-1h created_at<2999-01-01', false, 'deacb', 0, '1000'],
    ['index created_at>=-1h created_at<2020-01-01', false, '', 0, '1000'],
    ['index created_at>=-1h created_at<2999-01-01 --max-items 3', false, 'dea', 0, '500'],
    ['index created_at>=-1h created_at<2999-01-01 --limit 2', true, 'deacb', 2, '500,500,500'],
    ['index created_at>=-1h created_at<2999-01-01 --newest', false, 'd', 0, '500'],
  ]
  for (const [line, terminal, names, asked, limits] of rows) {
    it(`glance ${line}, ${terminal ? 'on a terminal' : 'in a pipe'}`, async () => {
      assert.deepEqual(await list(line, {terminal}), {code: 0, names, asked, limits})
    })
  }

  it('compare times with the seconds that are shown', async () => {
    const [{created_at: time}] = JSON.parse(
      (await glance(['--url', service.url, 'show', 'a', '-o', 'json'])).stdout,
    )
    assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    const bySign = async (sign: string) => (await list(`index name=a created_at${sign}${time}`)).names
    for (const sign of ['=', '>=', '<=', '=eq:']) assert.equal(await bySign(sign), 'a', sign)
    for (const sign of ['>', '<', '=neq:']) assert.equal(await bySign(sign), '', sign)
  })

  it('continue after a marker, in an order of several keys', async () => {
    const {stdout} = await glance([
      '--url',
      service.url,
      '--json',
      'index',
      '--sort',
      'size,name',
      '--limit',
      '2',
    ])
    const ids = stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line).id)
    const {names} = await list(`index --sort size,name --marker ${ids[1]}`)
    assert.equal(names, 'cde')
  })

  for (const flags of [
    '--sort name --sort-key name',
    '--sort name --sort-dir asc',
    '--newest --sort name',
    '--newest --sort-key name',
    '--newest --sort-dir asc',
    '--newest --marker x',
    '--newest --limit 3',
    '--newest --max-items 3',
    '--newest --page-size 3',
  ]) {
    it(`index ${flags} is refused, and nothing is sent`, async () => {
      const requests = service.log.length
      const {code, stderr} = await glance(['--url', service.url, 'index', ...flags.split(' ')])
      const [first = '', second = ''] = flags.match(/--[\w-]+/g) ?? []
      assert.equal(stderr.split('\n')[0], `glance: ${first} and ${second} cannot be combined`)
      assert.deepEqual([code, service.log.length], [2, requests])
    })
  }

  for (const [line, message] of [
    ['show --newest name=nope', 'no image matches name=nope'],
    ['download --newest nope size>=1G', 'no image matches nope size>=1G'],
    ['download --newest name=d', 'no image matches name=d'],
  ] as const) {
    it(`${line} exits with 3`, async () => {
      const {code, stdout, stderr} = await glance(['--url', service.url, ...line.split(' ')])
      assert.deepEqual([code, stdout, stderr.split('\n')[0]], [3, '', `glance: ${message}`])
    })
  }

  it('show --newest --marker x is refused', async () => {
    const {code, stderr} = await glance(['--url', service.url, 'show', '--newest', 'd', '--marker', 'x'])
    assert.equal(code, 2)
    assert.match(stderr, /^glance: --newest and --marker cannot be combined$/m)
  })

  it('end with 0 when the user wants no further page', async () => {
    const world = {terminal: true, answers: [false]}
    assert.deepEqual(await list('index --limit 2', world), {code: 0, names: 'de', asked: 1, limits: '2'})
  })
})

describe('the newest image', () => {
  let service: TestService

  before(async () => {
    service = await startService()
  })
  after(() => service.close())

  for (const version of ['v1', 'v2']) {
    it(`is shown and downloaded over ${version}, private ones too`, async () => {
      const run = (...words: string[]) => glance(['--url', `${service.url}/${version}`, ...words])
      const name = `disk ${version}`
      for (const data of ['one', 'two'])
        await glance(['--url', service.url, 'add', `name=${name}`, 'is_public=no'], {stdin: data})
      await run('add', `name=${name}`, 'is_public=no')
      assert.match((await run('show', '--newest', name)).stdout, /^Status: queued$/m)
      assert.match((await run('show', '--newest', name, 'size=3')).stdout, /^Status: active$/m)
      assert.equal((await run('download', '--newest', name)).stdout, 'two')
      const ran = await run('download', '--newest', name, 'created_at<-1h')
      assert.deepEqual(
        [ran.code, ran.stderr],
        [
          3,
          `glance: no image matches ${name} created_at<-1h\n` +
            '  no image in your lists meets all of the filters and is active\n' +
            '  List all images with: glance index is_public=none\n',
        ],
      )
    })
  }

  it('is named by a dry run', async () => {
    const words = ['--url', service.url, '--dry-run', 'download', '--newest', 'disk v2']
    const {code, stdout} = await glance(words)
    assert.equal(code, 0)
    assert.match(stdout, /^Download image [0-9a-f-]{36} to standard output$/m)
  })
})
