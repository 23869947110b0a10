/** The output of every command in every format, over both versions of the API, against the documented schemas. */
import assert from 'node:assert/strict'
import {readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {Ajv2020, type ValidateFunction} from 'ajv/dist/2020.js'
import {parse as parseYaml} from 'yaml'
import {loadAllCommands} from '../../src/commands.js'
import {glance} from '../support/fake-io.js'
import {serve} from '../support/http/serve.js'
import {SCHEMAS, schemaFiles} from '../support/schemas.js'
import {startService, type TestService} from '../support/test-service.js'

const [A, B] = ['00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000b']
const C = '00000000-0000-4000-8000-00000000000c'
const FOLDER = path.resolve(import.meta.dirname, '../../../docs/schema')

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/
const ajv = new Ajv2020({strict: true, allowUnionTypes: true, formats: {'date-time': TIME}})
const validators = new Map<string, ValidateFunction>(
  [...SCHEMAS].map(([name, schema]) => [name, ajv.compile(schema)]),
)

function requireValid(name: string, record: unknown, context: string): void {
  const validate = validators.get(name) ?? assert.fail(`no schema ${name}`)
  assert.ok(validate(record), `${context}: ${ajv.errorsText(validate.errors)}: ${JSON.stringify(record)}`)
}

/** The results of every command in turn: its words, and the schema of its records. */
const LINES: readonly (readonly [words: string, schema: string])[] = [
  [`add id=${A} name=a,b is_public=no distro=lucid`, 'added-image'],
  [`add id=${B} name=b is_public=yes`, 'added-image'],
  ['index is_public=none', 'image'],
  ['details is_public=none', 'image'],
  [`show ${A}`, 'image'],
  [`update ${A} min_ram=1`, 'image'],
  [`wait ${A}`, 'image-status'],
  [`member-add ${A} m1 --force`, 'changed-member'],
  [`image-members ${A}`, 'member'],
  ['member-images m1', 'member'],
  [`members-replace ${A} m2 --force`, 'changed-member'],
  [`member-delete ${A} m2`, 'changed-member'],
  ['auth-info', 'setting'],
  [`--dry-run deactivate ${A}`, 'dry-run-step'],
  [`--dry-run store-copy ${A} slow`, 'dry-run-step'],
  [`--dry-run store-delete ${A} slow`, 'dry-run-step'],
  [`--dry-run stage ${A}`, 'dry-run-step'],
  [`--dry-run add name=x is_public=no distro=lucid`, 'dry-run-step'],
  [`--dry-run update ${A} name=b --unset distro`, 'dry-run-step'],
  [`--dry-run delete ${A} b`, 'dry-run-step'],
  ['--dry-run clear', 'dry-run-step'],
  [`--dry-run download ${A}`, 'dry-run-step'],
  [`--dry-run member-add ${A} m`, 'dry-run-step'],
  [`--dry-run members-replace ${A} m`, 'dry-run-step'],
  [`--dry-run member-delete ${A} m`, 'dry-run-step'],
  [`--dry-run wait ${A}`, 'dry-run-step'],
  [`delete --force ${A}`, 'deleted-image'],
  ['clear --force', 'deleted-image'],
]

/** The same for the commands that only version 2 has. */
const V2_LINES: typeof LINES = [
  [`add id=${C} name=c disk_format=raw --import glance-direct`, 'added-image'],
  [`image-tasks ${C}`, 'task'],
  [`deactivate ${C}`, 'image-status'],
  [`reactivate ${C}`, 'image-status'],
  ['store-list', 'store'],
]

/** The keys of an image, in their order, on both versions. */
const IMAGE_KEYS =
  'uri id is_public visibility name status size virtual_size location locations disk_format container_format ' +
  'min_ram min_disk owner protected tags os_hidden stores checksum os_hash_algo os_hash_value deleted created_at ' +
  'updated_at deleted_at properties'

describe('output formats', () => {
  let service: TestService
  beforeEach(async () => {
    service = await startService()
  })
  afterEach(() => service.close())

  const run = (version: 1 | 2, words: readonly string[], world: Parameters<typeof glance>[1] = {}) =>
    glance(['--url', service.url, '--os-image-api-version', String(version), ...words], world)
  const runLine = (version: 1 | 2, line: string) =>
    run(version, line.split(' '), line.startsWith('add') ? {stdin: 'abc'} : {})

  for (const version of [1, 2] as const) {
    describe(`over version ${version}`, () => {
      const parsers: Readonly<Record<string, (text: string) => unknown>> = {
        json: JSON.parse,
        ndjson: text =>
          text
            .split('\n')
            .slice(0, -1)
            .map(line => JSON.parse(line)),
        yaml: text => parseYaml(text, {version: '1.1'}),
      }
      for (const [format, parse] of Object.entries(parsers)) {
        it(`${format} has the documented records`, async () => {
          for (const [line, schema] of version === 2 ? [...LINES, ...V2_LINES] : LINES) {
            const {code, stdout, stderr} = await runLine(version, `${line} -o ${format}`)
            assert.equal(code, 0, `${line}: ${stderr}`)
            const records = parse(stdout) as unknown[]
            assert.ok(records.length > 0, line)
            for (const record of records) requireValid(schema, record, line)
          }
        })
      }

      it('tables, CSV, TSV and values have the same columns for every command', async () => {
        for (const [line] of LINES.filter(([line]) => !line.startsWith('--dry-run'))) {
          const {code, stdout, stderr} = await runLine(version, `${line} -o tsv`)
          assert.equal(code, 0, `${line}: ${stderr}`)
          const widths = stdout
            .split('\n')
            .slice(0, -1)
            .map(row => row.split('\t').length)
          assert.ok(widths.length > 1, line)
          assert.equal(new Set(widths).size, 1, line)
        }
      })

      it('the same keys in every record of an image', async () => {
        await runLine(version, `add id=${A} name=a is_public=yes`)
        for (const line of ['index', 'details', `show ${A}`]) {
          const [record] = JSON.parse((await runLine(version, `${line} -o json`)).stdout)
          assert.equal(Object.keys(record).join(' '), IMAGE_KEYS, line)
          assert.deepEqual(
            [record.size, record.visibility, record.tags, record.properties],
            [3, 'public', [], {}],
            line,
          )
        }
      })

      it('ids alone', async () => {
        const expected: readonly (readonly [string, string])[] = [
          [`add id=${A} name=a is_public=no`, A],
          ['index is_public=none', A],
          ['details is_public=none', A],
          [`show ${A}`, A],
          [`update ${A} min_ram=2`, A],
          [`wait ${A}`, A],
          [`member-add ${A} m1 --force`, 'm1'],
          [`image-members ${A}`, 'm1'],
          ['member-images m1', A],
          [`members-replace ${A} m2`, 'm2'],
          [`member-delete ${A} m2`, 'm2'],
          [`delete ${A} --force`, A],
        ]
        for (const [line, id] of expected)
          assert.deepEqual((await runLine(version, `${line} -q`)).stdout, `${id}\n`, line)
        await runLine(version, `add id=${B} name=a`)
        assert.equal((await runLine(version, 'clear --force --quiet')).stdout, `${B}\n`)
        assert.equal((await runLine(version, 'index --quiet')).stdout, '')
      })
    })
  }

  it('chosen columns, in their order, in every format', async () => {
    await run(2, ['add', `id=${A}`, 'name=a,"b\nc\td\\', 'distro=lucid'], {stdin: 'abc'})
    const columns = ['-c', 'Size,name', '-c', 'properties.distro,properties.none,owner,tags']
    const show = async (format: string, world = {}) =>
      (await run(2, ['show', A, '-o', format, ...columns], world)).stdout
    const name = 'a,"b\nc\td\\'
    const record = {
      size: 3,
      name,
      'properties.distro': 'lucid',
      'properties.none': null,
      owner: null,
      tags: [],
    }
    const header = ['size', 'name', 'properties.distro', 'properties.none', 'owner', 'tags']
    assert.equal(await show('json'), `[\n${JSON.stringify(record)}\n]\n`)
    assert.equal(await show('ndjson'), `${JSON.stringify(record)}\n`)
    assert.deepEqual(parseYaml(await show('yaml')), [record])
    assert.equal(await show('csv'), `${header.join(',')}\n3,"a,""b\nc\td\\",lucid,,,[]\n`)
    assert.equal(
      await show('csv', {terminal: true}),
      `${header.join(',')}\n3,"a,""b\\x0ac\\x09d\\",lucid,,,[]\n`,
    )
    assert.equal(await show('tsv'), `${header.join('\t')}\n3\ta,"b\\nc\\td\\\\\tlucid\t\t\t[]\n`)
    assert.equal(await show('value'), '3 a,"b\\x0ac\\x09d\\ lucid   []\n')
    assert.equal(
      await show('table'),
      '          Size Name                           properties.distro properties.none Owner Tags\n' +
        '-------------- ------------------------------ ----------------- --------------- ----- ----\n' +
        '             3 a,"b\\x0ac\\x09d\\                lucid             None            None\n',
    )
  })

  it('empty lists', async () => {
    const show = async (format: string) => (await run(2, ['index', 'name=none', '-o', format])).stdout
    assert.deepEqual(await Promise.all(['json', 'ndjson', 'yaml', 'csv', 'value', 'table'].map(show)), [
      '[]\n',
      '',
      '[]\n',
      'id,name,disk_format,container_format,size,status\n',
      '',
      '',
    ])
  })

  it('a plan as text where rows cannot show it', async () => {
    const {stdout} = await run(2, ['--dry-run', 'delete', 'a', '-o', 'csv'])
    assert.equal(stdout, 'Dry run. We would have done the following:\nDelete image a\n')
  })

  it('the data of an image alone on standard output', async () => {
    await run(2, ['add', `id=${A}`, 'name=a'], {stdin: 'abc'})
    for (const more of [['-o', 'json'], ['-o', 'csv'], ['-q']])
      assert.equal((await run(2, ['download', A, ...more])).stdout, 'abc')
  })

  it('sizes for people in tables and blocks, and nowhere else', async () => {
    await run(2, ['add', `id=${A}`, 'name=a'], {stdin: Buffer.alloc(1536)})
    const show = async (...words: string[]) => (await run(2, ['show', A, '--human', ...words])).stdout
    assert.match(await show(), /^Size: 1\.5 KiB$/m)
    assert.match(await show('-o', 'table'), / {7}1\.5 KiB active$/m)
    assert.match(await show('-o', 'csv'), /,1536,/)
  })

  it('colours of statuses on a terminal alone', async () => {
    await run(2, ['add', `id=${A}`, 'name=a'], {stdin: 'abc'})
    const show = async (words: string[], env: Record<string, string>, terminal = true) =>
      (await run(2, words, {terminal, env})).stdout
    assert.match(await show(['index'], {NO_COLOR: ''}), / \x1b\[32mactive\x1b\[39m\n$/)
    assert.match(await show(['show', A], {NO_COLOR: ''}), /^Status: \x1b\[32mactive\x1b\[39m$/m)
    for (const [env, terminal] of [
      [{NO_COLOR: '1'}, true],
      [{NO_COLOR: '', TERM: 'dumb'}, true],
      [{NO_COLOR: ''}, false],
    ] as const)
      assert.doesNotMatch(await show(['index'], env, terminal), /\x1b/)
  })

  it('ASCII alone on a terminal of another encoding, and never in a pipe', async () => {
    await run(2, ['add', `id=${A}`, `name=${'語'.repeat(20)}`], {stdin: 'abc'})
    const list = async (terminal: boolean, ...words: string[]) =>
      (await run(2, ['index', ...words], {terminal, env: {LC_ALL: 'C'}})).stdout
    assert.match(await list(true), /^\S+ (\\u8a9e)+\S*\.\.\. raw/m)
    for (const format of ['json', 'yaml', 'csv', 'tsv', 'value'])
      assert.doesNotMatch(await list(true, '-o', format), /[^\n\x20-\x7e\t]/, format)
    assert.match(await list(false), / 語{20} /)
    assert.equal(parseYaml(await list(true, '-o', 'yaml'))[0].name, '語'.repeat(20))
  })

  it('nothing to delete is a success for --force, which xargs runs for an empty list', async () => {
    const {code, stdout, stderr} = await glance(['delete', '--force', '-q'])
    assert.deepEqual([code, stdout, stderr], [0, '', 'note: no image is named: nothing to delete\n'])
    assert.equal((await glance(['delete'])).code, 2)
  })

  const refused: readonly (readonly [string, string])[] = [
    ['index -o xml', "invalid --format 'xml': expected one of table, json, ndjson, csv, tsv, yaml, value"],
    ['index -o jsn', "invalid --format 'jsn'.*\n  Did you mean 'json'\\?"],
    ['index -c nmae', "unknown column 'nmae'\n  Did you mean 'name'\\?\n  Columns: uri, id,"],
    ['show x -c format', "unknown column 'format'\n  Did you mean 'disk_format'\\?"],
    ['auth-info -c properties.x', "unknown column 'properties.x'\n  Columns: name, value, source\n"],
    ['index -c id,,name', "unknown column ''"],
    ['index -q -o csv', '--quiet prints ids alone\n  Leave out --format'],
    ['index -q -c name', '--quiet prints ids alone\n  Leave out --columns'],
    ['auth-info -q', 'cannot print ids'],
    ['index --json -o csv', '--json is --format ndjson'],
    ['index -f json', "invalid argument 'json': .*\n  Write -o json; -f is --force here."],
    ['show x -f value', '-f does not take a value\n  Write -o value; -f is --force here.'],
    ['index --json=id,name', '--json does not take a value.*\n  To choose columns, write --json -c id,name'],
  ]
  for (const [line, message] of refused) {
    it(`refuses before any request: glance ${line}`, async () => {
      const {code, stdout, stderr} = await glance(['--url', 'http://127.0.0.1:1', ...line.split(' ')])
      assert.deepEqual([code, stdout], [2, ''])
      assert.match(stderr, new RegExp(message))
    })
  }

  it('errors as documented objects for json and ndjson, and as text for the others', async () => {
    for (const line of ['-o json', '-ojson', '--format=ndjson', '--output json', '--json']) {
      const {code, stdout, stderr} = await runLine(2, `show ${A} ${line}`)
      assert.deepEqual([code, stdout], [3, ''], line)
      requireValid('error', JSON.parse(stderr), line)
    }
    assert.match((await runLine(2, `show ${A} -o csv`)).stderr, /^glance: No image/)
  })

  it('an array that is closed although parts of the change failed', async () => {
    await runLine(2, `add id=${A} name=a protected=yes`)
    await runLine(2, `add id=${B} name=b`)
    const {code, stdout} = await runLine(2, `delete --force ${A} ${B} -o json`)
    assert.deepEqual([code, stdout], [5, `[\n{"id":"${B}","name":null,"deleted":true}\n]\n`])
  })

  it('an array that stays open when the rest of a list is missing', async () => {
    const server = await serve((request, response) => {
      const isFirst = !request.url?.includes('marker')
      response.writeHead(isFirst ? 200 : 400, {'content-type': 'application/json'})
      response.end(JSON.stringify({images: [{id: A, name: 'a'}], next: '/v2/images?marker=a'}))
    })
    const list = (format: string) =>
      glance(['--url', `${server.url}/v2`, 'index', '-c', 'id,name,size,tags', '-o', format])
    const {code, stdout} = await list('json')
    assert.deepEqual([code, stdout], [3, `[\n{"id":"${A}","name":"a","size":null,"tags":[]}`])
    assert.equal((await list('csv')).stdout, `id,name,size,tags\n${A},a,,[]\n`)
    await server.close()
  })
})

describe('the schemas in docs/schema', () => {
  it('are those of the declarations: run npm run reference', () => {
    const files = readdirSync(FOLDER).map(name => [name, readFileSync(path.join(FOLDER, name), 'utf8')])
    assert.deepEqual(Object.fromEntries(files), Object.fromEntries(schemaFiles()))
  })

  it('describe the records of every command', async () => {
    const commands = Object.entries(await loadAllCommands()).filter(
      ([name]) => !['serve', 'completion'].includes(name),
    )
    for (const [name, {records}] of commands)
      assert.ok(records !== undefined && SCHEMAS.has(records.name), `${name} prints records of no kind`)
  })
})
