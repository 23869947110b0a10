/** Checks the documents: each relative link leads to a file and a heading, and each decision has its three parts. */
import assert from 'node:assert/strict'
import {existsSync, readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'

const ROOT = path.resolve(import.meta.dirname, '../..')
const DECISIONS = 'docs/decisions'
const PARTS = ['Context', 'Decision', 'Consequences']

const documents = [
  ...readdirSync(ROOT).filter(isMarkdown),
  ...readdirSync(path.join(ROOT, 'docs'), {recursive: true, encoding: 'utf8'})
    .filter(isMarkdown)
    .map(file => path.posix.join('docs', file.replaceAll('\\', '/'))),
]

function isMarkdown(file: string): boolean {
  return file.endsWith('.md')
}

/** The document without its code blocks. */
function readProse(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8').replaceAll(/^```.*?^```/gms, '')
}

/** The anchor that GitHub gives to a heading. */
function toAnchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-')
}

/** Relative targets of the links in a document, as they are written. */
function parseLinks(prose: string): string[] {
  const targets = [...prose.matchAll(/\[[^\]]*\]\(([^)\s]+)\)/g)].map(([, target = '']) => target)
  return targets.filter(target => !/^[a-z]+:/.test(target))
}

function parseAnchors(prose: string): string[] {
  const anchors = [...prose.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => toAnchor(heading))
  return anchors.map((anchor, index) => {
    const earlier = anchors.slice(0, index).filter(other => other === anchor).length
    return earlier === 0 ? anchor : `${anchor}-${earlier}`
  })
}

/** The reason why a link leads nowhere, or undefined. */
function findFault(from: string, link: string): string | undefined {
  const [name = '', anchor] = link.split('#')
  const file = name === '' ? from : path.posix.join(path.posix.dirname(from), name)
  if (!existsSync(path.join(ROOT, file))) return `${from}: ${link}: no file ${file}`
  if (anchor === undefined) return undefined
  return parseAnchors(readProse(file)).includes(anchor)
    ? undefined
    : `${from}: ${link}: no heading #${anchor}`
}

interface Decision {
  readonly file: string
  readonly heading: string
  readonly parts: readonly string[]
}

function readDecisions(file: string): Decision[] {
  const [, ...sections] = readProse(path.posix.join(DECISIONS, file)).split(/^## /m)
  return sections.map(section => ({
    file,
    heading: section.slice(0, section.indexOf('\n')),
    parts: [...section.matchAll(/^\*\*(\w+)\.\*\* \S/gm)].map(([, part = '']) => part),
  }))
}

describe('the documents', () => {
  it('have links that lead to a file and a heading', () => {
    const links = documents.flatMap(file => parseLinks(readProse(file)).map(link => findFault(file, link)))
    assert.ok(links.length > 90, `only ${links.length} links were found`)
    assert.deepEqual(
      links.filter(fault => fault !== undefined),
      [],
    )
  })

  it('name the kind of every record in docs/output.md', () => {
    const linked = parseLinks(readProse('docs/output.md'))
    const schemas = readdirSync(path.join(ROOT, 'docs/schema')).map(file => `schema/${file}`)
    assert.deepEqual(
      schemas.filter(schema => !linked.includes(schema)),
      [],
    )
  })

  it('give each decision a context, a decision, its consequences, and a line in the index', () => {
    const files = readdirSync(path.join(ROOT, DECISIONS)).filter(file => file !== 'README.md')
    const decisions = files.flatMap(readDecisions)
    const listed = parseLinks(readProse(path.posix.join(DECISIONS, 'README.md')))
    assert.deepEqual(
      decisions.filter(({parts}) => parts.join() !== PARTS.join()),
      [],
    )
    assert.deepEqual(
      decisions.map(({file, heading}) => `${file}#${toAnchor(heading)}`).sort(),
      listed.toSorted(),
    )
  })
})
