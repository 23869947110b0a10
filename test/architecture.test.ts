/** Rules of the structure that no linter knows; `biome.json` holds the others. */
import assert from 'node:assert/strict'
import {readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'
import type {Node} from 'typescript/unstable/ast'
import * as is from 'typescript/unstable/ast/is'
import {ALL_FLAGS} from '../src/lib/cli/flags/all.js'
import {
  countLines,
  findFolderRings,
  type ParsedFile,
  parseSourceFiles,
  readsProperty,
  rootName,
  walk,
} from './support/source-files.js'

const ROOT = path.resolve(import.meta.dirname, '../..')

const FLAGS = /^lib\/cli\/flags\//
const WRITERS =
  /^(start|complete|lib\/(io\/(system-io|system-output|log-file)|cli\/display|data\/part-(file|writer)|work\/(progress|download)\/.*))\.ts$/
const BANNED_WORDS = /\b(deed|trouble|crew|lest|anew|of old|door)s?\b/gi

describe('architecture', () => {
  const files = parseSourceFiles(ROOT)
  const nodes = new Map(files.map(file => [file, walk(file.root)]))
  const nodesIn = (file: ParsedFile): readonly Node[] => nodes.get(file) ?? []
  const client = files.filter(file => !file.path.startsWith('server/'))
  const server = files.filter(file => file.path.startsWith('server/'))
  const commands = files.filter(file => file.path.startsWith('commands/'))

  it('has no ring of folders, types included', () => {
    assert.deepEqual(findFolderRings(files), [])
  })

  it('has a rule for the imports of each folder', () => {
    const rules = readFileSync(path.join(ROOT, 'biome.json'), 'utf8')
    const folders = files.flatMap(file => /^(?:(?:lib|server)\/[^/]+|commands)(?=\/)/.exec(file.path) ?? [])
    assert.ok(folders.length > 100)
    assert.deepEqual(
      [...new Set(folders)].filter(folder => !rules.includes(`"src/${folder}/**"`)),
      [],
    )
  })

  it('has at most 14 files in a folder', () => {
    const folders = files.map(file => path.posix.dirname(file.path))
    const full = [...new Set(folders)].filter(name => folders.filter(other => other === name).length > 14)
    assert.deepEqual(full, [])
  })

  it('loads nothing of images and services at start', () => {
    const loaded = [...findLoaded(path.join(ROOT, 'dist/src/main.js'))].map(file =>
      path.relative(path.join(ROOT, 'dist/src'), file).replaceAll('\\', '/'),
    )
    assert.ok(loaded.includes('lib/cli/display.js'))
    assert.deepEqual(
      loaded.filter(file =>
        /^lib\/(api|identity|data)\/|^lib\/model\/(fields|draft|image|did-you-mean)/.test(file),
      ),
      [],
    )
  })

  it('loads nothing of the tool or of other packages when a program imports the library', () => {
    const loaded = [...findLoaded(path.join(ROOT, 'dist/src/lib/client.js'))]
    assert.ok(loaded.length > 20)
    assert.deepEqual(
      loaded.filter(file => !/^lib\/(?!cli\/)/.test(path.relative(path.join(ROOT, 'dist/src'), file))),
      [],
    )
    const packages = loaded.flatMap(file => [
      ...readFileSync(file, 'utf8').matchAll(/^(?:import|export) .*?from '([^.].*?)';$/gm),
    ])
    const others = packages.map(([, name = '']) => name).filter(name => !name.startsWith('node:'))
    assert.deepEqual([...new Set(others)], ['fastest-levenshtein'])
  })

  it('declares each type of the client once', () => {
    assert.deepEqual(findRepeated(client.flatMap(nodesIn).flatMap(findDeclaredType)), [])
  })

  it('declares each type of the service once', () => {
    assert.deepEqual(findRepeated(server.flatMap(nodesIn).flatMap(findDeclaredType)), [])
  })

  for (const property of ['json', 'force', 'dry-run', 'dryRun']) {
    it(`reads ${property} in one file`, () => {
      const readers = client
        .filter(file => !/^lib\/(api|http|identity)\//.test(file.path))
        .filter(file => nodesIn(file).some(node => readsProperty(node, property)))
      assert.equal(readers.length, 1, String(toPaths(readers)))
    })
  }

  it('writes only in the display, in progress, in downloads and in log files', () => {
    const writers = client.filter(file =>
      nodesIn(file).some(node => is.isPropertyAccessExpression(node) && node.name.text === 'write'),
    )
    assert.ok(writers.length > 0)
    assert.deepEqual(
      toPaths(writers).filter(file => !WRITERS.test(file)),
      [],
    )
  })

  it('adds the prefixes of notes and warnings in the display', () => {
    const prefixed = client.filter(file =>
      nodesIn(file).some(node => /^(note|warning): /.test(readText(node))),
    )
    assert.deepEqual(toPaths(prefixed), ['lib/cli/display.ts'])
  })

  it('declares each flag once, and only among the flags', () => {
    const homes = client.filter(file => FLAGS.test(file.path))
    const names = homes.flatMap(file => nodesIn(file).flatMap(node => findDeclaredFlag(node, file)))
    assert.deepEqual([...new Set(names)].sort(), Object.keys(ALL_FLAGS).sort())
    assert.deepEqual(findRepeated(names), [])
    const elsewhere = client.filter(file => !FLAGS.test(file.path) && nodesIn(file).some(isFlagsImport))
    assert.deepEqual(toPaths(elsewhere), [])
  })

  it('reads no argument from standard input', () => {
    const args = client.flatMap(nodesIn).filter(isArgument)
    assert.ok(args.length > 0)
    const silent = args.filter(node => !/\bignoreStdin: true\b/.test(node.getText()))
    assert.deepEqual(
      silent.map(node => node.getText()),
      [],
    )
  })

  it('opens each file with a sentence', () => {
    const mute = files.filter(file => !/^(#!.*\n)?\/\*\*[^/]*?\w/.test(file.text))
    assert.deepEqual(toPaths(mute), [])
  })

  it('has commands of at most 60 lines', () => {
    const long = commands.filter(file => file.text.trimEnd().split('\n').length > 60)
    assert.deepEqual(toPaths(long), [])
  })

  it('has commands that run in at most 15 lines', () => {
    const long = commands.filter(file =>
      nodesIn(file).some(node => isRun(node) && countLines(node, file) > 15),
    )
    assert.ok(commands.flatMap(nodesIn).filter(isRun).length >= 15)
    assert.deepEqual(toPaths(long), [])
  })

  it('uses none of the banned words', () => {
    const found = proseFiles().flatMap(file =>
      [...splitNames(readFileSync(path.join(ROOT, file), 'utf8')).matchAll(BANNED_WORDS)].map(
        ([word]) => `${file}: ${word.toLowerCase()}`,
      ),
    )
    assert.deepEqual([...new Set(found)], [])
  })
})

const findRepeated = (names: readonly string[]) => [
  ...new Set(names.filter((name, i) => names.indexOf(name) < i)),
]

const toPaths = (files: readonly ParsedFile[]) => files.map(file => file.path).sort()

function findDeclaredType(node: Node): readonly string[] {
  const isType =
    is.isInterfaceDeclaration(node) ||
    is.isTypeAliasDeclaration(node) ||
    is.isClassDeclaration(node) ||
    is.isEnumDeclaration(node)
  return isType && node.name !== undefined ? [node.name.text] : []
}

/** The name of a flag: a property made by a function of the framework or by one of ours called xFlag. */
function findDeclaredFlag(node: Node, file: ParsedFile): readonly string[] {
  if (!(is.isPropertyAssignment(node) && is.isCallExpression(node.initializer))) return []
  const maker = rootName(node.initializer) ?? ''
  return /^Flags$|Flag$/.test(maker) ? [node.name.getText(file.root).replaceAll("'", '')] : []
}

const isFlagsImport = (node: Node) => is.isStringLiteral(node) && node.text === '@oclif/core/flags'

const isArgument = (node: Node) => is.isCallExpression(node) && rootName(node.expression) === 'Args'

const isRun = (node: Node) => is.isMethodDeclaration(node) && node.name.getText() === 'run'

function readText(node: Node): string {
  const isText =
    is.isStringLiteral(node) || is.isNoSubstitutionTemplateLiteral(node) || is.isTemplateHead(node)
  return isText ? node.text : ''
}

function proseFiles(): readonly string[] {
  const inside = (folder: string) =>
    readdirSync(path.join(ROOT, folder), {recursive: true, encoding: 'utf8'}).map(
      file => `${folder}/${file.replaceAll('\\', '/')}`,
    )
  return [...inside('src'), ...inside('docs'), 'README.md', 'CONTRIBUTING.md'].filter(file =>
    /\.(ts|md)$/.test(file),
  )
}

/** The text with its names taken apart into words, and the breaks of its lines removed. */
function splitNames(text: string): string {
  return text
    .replaceAll(/([a-z\d])(?=[A-Z])/g, '$1 ')
    .replaceAll('_', ' ')
    .replaceAll(/\s*\n[\s*/]*/g, ' ')
}

/** The compiled file, and those that it imports other than on demand. */
function findLoaded(file: string, found = new Set<string>()): ReadonlySet<string> {
  if (found.has(file)) return found
  found.add(file)
  const imports = readFileSync(file, 'utf8').matchAll(/^(?:import|export) .*?from '(\..+?)';$/gm)
  for (const [, name = ''] of imports) findLoaded(path.resolve(path.dirname(file), name), found)
  return found
}
