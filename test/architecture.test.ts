/** What must stay true of the structure: who may import whom, and how large things may grow. */
import assert from 'node:assert/strict'
import {readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {ALL_FLAGS} from '../src/lib/cli/flags/all.js'

const ROOT = path.resolve(import.meta.dirname, '../..')
const SRC = path.join(ROOT, 'src')

interface Import {
  readonly from: string
  /** A file of ours relative to `src`, or the name of a package. */
  readonly to: string
  readonly isDynamic: boolean
  readonly isType: boolean
}

const files = readdirSync(SRC, {recursive: true, encoding: 'utf8'})
  .map(file => file.replaceAll('\\', '/'))
  .filter(file => file.endsWith('.ts') && !file.endsWith('.d.ts'))
const clientFiles = files.filter(file => !file.startsWith('server/'))
const text = new Map(files.map(file => [file, readFileSync(path.join(SRC, file), 'utf8')]))
const imports = files.flatMap(importsOf)

function importsOf(file: string): Import[] {
  const source = (text.get(file) ?? '').replaceAll(/^\s*(\*|\/\/).*$/gm, '')
  const statics = [...source.matchAll(/^(?:import|export)\s+(type\s)?(?:[^'"]*?\sfrom\s+)?'([^']+)'/gm)]
  const dynamics = [...source.matchAll(/import\('([^']+)'\)/g)]
  return [
    ...statics.map(([, type, to = '']) => ({
      from: file,
      to: target(file, to),
      isDynamic: false,
      isType: type !== undefined,
    })),
    ...dynamics.map(([, to = '']) => ({from: file, to: target(file, to), isDynamic: true, isType: false})),
  ]
}

function target(file: string, to: string): string {
  return to.startsWith('.') ? path.posix.join(path.posix.dirname(file), to).replace(/\.js$/, '.ts') : to
}

/** Floors of the house from the ground up; a file may import from its own floor and from those below. */
const FLOORS: readonly RegExp[] = [
  /^lib\/model\//,
  /^lib\/(http|io|data)\//,
  /^lib\/(api|identity)\/|^lib\/client\.ts$/,
  /^lib\/work\//,
  /^lib\/cli\//,
  /^commands\//,
  /^commands\.ts$/,
  /^main\.ts$/,
]

/** Floors of the service. Its images and jobs know nothing of HTTP, whose folder is above them for that reason. */
const SERVER_FLOORS: readonly RegExp[] = [
  /^server\/(registry|stores)\//,
  /^server\/images\//,
  /^server\/jobs\//,
  /^server\/http\//,
  /^server\/auth\//,
  /^server\/api\/[^/]+$/,
  /^server\/api\/v[12]\//,
  /^server\/[^/]+$/,
]

const serverFloorOf = (file: string) => SERVER_FLOORS.findIndex(floor => floor.test(file))

const floorOf = (file: string) => FLOORS.findIndex(floor => floor.test(file))

const show = ({from, to}: Import) => `${from} -> ${to}`

/** The only files that may import a package, or anything that begins so. */
const KEEPERS: readonly (readonly [RegExp, RegExp])[] = [
  [/^@oclif\//, /^(main|commands)\.ts$|^commands\/|^lib\/cli\//],
  [/^undici/, /^lib\/http\//],
  [/^(fastify|kysely|libsql|pg|@aws-sdk)/, /^server\//],
  [/^enquirer$/, /^lib\/io\//],
  [/^cli-table3$/, /^lib\/work\/output\//],
]

describe('architecture', () => {
  it('imports go down only', () => {
    const wrong = imports.filter(({from, to}) => {
      const [upper, lower] = [floorOf(from), floorOf(to)]
      return upper >= 0 && lower > upper
    })
    assert.deepEqual(wrong.map(show), [])
  })

  it('imports of the service go down only, those of types too', () => {
    const wrong = imports.filter(({from, to}) => {
      const [upper, lower] = [serverFloorOf(from), serverFloorOf(to)]
      return lower >= 0 && lower > upper && from.startsWith('server/')
    })
    assert.deepEqual(wrong.map(show), [])
  })

  it('every file of the service stands on a floor', () => {
    const homeless = files.filter(file => file.startsWith('server/') && serverFloorOf(file) < 0)
    assert.deepEqual(homeless, [])
  })

  it('every file of the library stands on a floor', () => {
    const homeless = files.filter(file => !file.startsWith('server/') && floorOf(file) < 0)
    assert.deepEqual(homeless, [])
  })

  it('nothing imports the service but the command that starts it', () => {
    const wrong = imports.filter(({from, to}) => to.startsWith('server/') && !from.startsWith('server/'))
    assert.deepEqual(wrong.map(show), [
      'commands/serve.ts -> server/server.ts',
      'commands/serve.ts -> server/config.ts',
    ])
  })

  it('the service shares nouns with the library, and threads that hash, never codecs', () => {
    const shared = /^lib\/(model\/|http\/|data\/digest\.ts$)/
    const wrong = imports.filter(
      ({from, to}) => from.startsWith('server/') && to.startsWith('lib/') && !shared.test(to),
    )
    assert.deepEqual(wrong.map(show), [])
  })

  for (const [name, keeper] of KEEPERS) {
    it(`${name.source} is imported by ${keeper.source} alone`, () => {
      assert.deepEqual(
        imports.filter(({from, to, isType}) => !isType && name.test(to) && !keeper.test(from)).map(show),
        [],
      )
    })
  }

  it('has no cycles', () => {
    assert.deepEqual(cycles(imports.filter(({isType}) => !isType)), [])
  })

  it('has no cycles of types in the service', () => {
    assert.deepEqual(cycles(imports.filter(({from}) => from.startsWith('server/'))), [])
  })

  it('touches the process in one place', () => {
    const wrong = files.filter(
      file => file !== 'lib/io/system-io.ts' && /(^|[^.\w'"`])process\.\w/m.test(codeOf(file)),
    )
    assert.deepEqual(wrong, [])
  })

  it('writes in the display, in progress, and where data goes', () => {
    const writers = clientFiles.filter(file => codeOf(file).includes('.write('))
    assert.deepEqual(writers.sort(), [
      'lib/cli/display.ts',
      'lib/data/part-file.ts',
      'lib/data/part-writer.ts',
      'lib/io/system-io.ts',
      'lib/work/download/download.ts',
      'lib/work/download/parallel.ts',
      'lib/work/download/save-file.ts',
      'lib/work/progress/bar.ts',
      'lib/work/progress/lines.ts',
    ])
  })

  it('adds the prefixes of notes and warnings in the display', () => {
    const literal = /['"`](note|warning): /
    assert.deepEqual(
      clientFiles.filter(file => literal.test(codeOf(file))),
      ['lib/cli/display.ts'],
    )
  })

  for (const [flag, readers] of [
    ['json', ['main.ts']],
    ['force', ['lib/cli/flags/changes.ts']],
    ['dry-run', ['lib/cli/flags/changes.ts']],
    // What the session makes of it.
    ['dryRun', ['lib/work/changes/change.ts']],
  ] as const) {
    it(`reads ${flag} only in ${readers}`, () => {
      const found = clientFiles.filter(file => !/^lib\/(api|http|identity)\//.test(file) && reads(file, flag))
      assert.deepEqual(found, readers)
    })
  }

  it('declares each flag once', () => {
    const homes = files.filter(file => /^lib\/cli\/flags\//.test(file))
    const declaration = /^\s+(?:flags: \{)?'?([a-z-]+)'?: (Flags|numberFlag|textFlag)\b/gm
    const names = homes.flatMap(file => [...codeOf(file).matchAll(declaration)].map(([, name]) => name))
    assert.deepEqual([...new Set(names)].sort(), Object.keys(ALL_FLAGS).sort())
    assert.deepEqual(names.sort(), [...new Set(names)].sort())
    const elsewhere = files.filter(
      file => !homes.includes(file) && codeOf(file).includes('@oclif/core/flags'),
    )
    assert.deepEqual(elsewhere, [])
  })

  it('reads no word of the command line from standard input', () => {
    const declarations = files.flatMap(file =>
      [...codeOf(file).matchAll(/Args\.\w+\(\{[^}]*\}/g)].map(([found]) => found),
    )
    assert.ok(declarations.length > 0)
    assert.deepEqual(
      declarations.filter(found => !found.includes('ignoreStdin: true')),
      [],
    )
  })

  it('opens each file with the sentence that says what it is for', () => {
    assert.deepEqual(
      files.filter(file => !/^(#!.*\n)?\/\*\*/.test(text.get(file) ?? '')),
      [],
    )
  })

  it('has no file over 250 lines', () => {
    assert.deepEqual(
      files.filter(file => (text.get(file) ?? '').split('\n').length > 251),
      [],
    )
  })

  it('has no function over 40 lines', () => {
    assert.deepEqual(files.flatMap(longFunctions), [])
  })
})

/** A property that is read, taken out of an object, or looked for among the arguments. */
function reads(file: string, name: string): boolean {
  const access = String.raw`(?<!\.\.)\.${name}\b(?![('])|\['${name}'\]|hasSwitch\([^)]*'${name}'`
  const destructuring = String.raw`\{[^{}]*(?<!\.\.\.)\b${name}\b[^{}]*\}\s*(=[^>]|: *[A-Z])`
  return new RegExp(`${access}|${destructuring}`).test(codeOf(file))
}

function codeOf(file: string): string {
  return (text.get(file) ?? '').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
}

/** Static imports that lead back to where they start. */
function cycles(among: readonly Import[]): string[] {
  const graph = new Map<string, string[]>()
  for (const {from, to, isDynamic} of among) {
    if (!isDynamic) graph.set(from, [...(graph.get(from) ?? []), to])
  }
  const found: string[] = []
  const done = new Set<string>()
  const visit = (file: string, trail: readonly string[]): void => {
    if (trail.includes(file)) found.push([...trail.slice(trail.indexOf(file)), file].join(' -> '))
    if (done.has(file) || trail.includes(file)) return
    for (const next of graph.get(file) ?? []) visit(next, [...trail, file])
    done.add(file)
  }
  for (const file of graph.keys()) visit(file, [])
  return found
}

/** Functions and methods by the formatter's layout: a header at some indent, closed by a brace at the same indent. */
function longFunctions(file: string): string[] {
  const lines = (text.get(file) ?? '').split('\n')
  const header =
    /^(\s*)(?:export |default |async |static |protected |override |public |private |get |set )*(?:function\b.*|#?\w+(?:<.*>)?\(.*|(?:const|let) \w+ = (?:async )?\(?.*=>) ?\{$/
  const closers = /^(\s*)(?:\}|\): .* \{)/
  return lines.flatMap((line, start) => {
    const indent =
      header.exec(line)?.[1] ?? (closers.exec(line)?.[0].endsWith('{') ? closers.exec(line)?.[1] : undefined)
    if (indent === undefined || /^\s*(if|for|while|switch|return|describe|it)\b/.test(line)) return []
    const end = lines.findIndex(
      (other, i) => i > start && (other === `${indent}}` || other === `${indent}},`),
    )
    return end - start + 1 > 40 ? [`${file}:${start + 1} (${end - start + 1} lines)`] : []
  })
}
