/** Checks that comments cite recorded exchanges by the anchors of `docs/wire`, and that each anchor is cited. */
import assert from 'node:assert/strict'
import {readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'

const ROOT = path.resolve(import.meta.dirname, '../..')
const WIRE = 'docs/wire'

const anchors = readdirSync(path.join(ROOT, WIRE))
  .filter(name => name !== 'README.md')
  .flatMap(name => parseAnchors(read(`${WIRE}/${name}`)).map(anchor => `${name}#${anchor}`))
const files = ['src', 'test', 'docs']
  .flatMap(listFiles)
  .filter(file => !file.startsWith(WIRE) && file !== 'test/citations.test.ts')
const citations = files.flatMap(file => parseCitations(read(file)).map(anchor => ({file, anchor})))

describe('citations of recorded exchanges', () => {
  it('name anchors that exist', () => {
    assert.notEqual(citations.length, 0)
    assert.deepEqual(
      citations.filter(({anchor}) => !anchors.includes(anchor)),
      [],
    )
  })

  it('cover every anchor', () => {
    const cited = new Set(citations.map(({anchor}) => anchor))
    const rest = anchors.filter(anchor => !cited.has(anchor))
    assert.deepEqual(rest, [])
  })

  it('have one form', () => {
    assert.deepEqual(
      files.filter(file => /v1-wire|cloud record/i.test(read(file))),
      [],
    )
  })
})

/** Headings of the third level, as a forge addresses them, and explicit anchors. */
function parseAnchors(text: string): readonly string[] {
  const headings = [...text.matchAll(/^### (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )
  const explicit = [...text.matchAll(/<a id="([\w-]+)">/g)].map(([, id = '']) => id)
  return [...headings, ...explicit]
}

/** `wire/v1.md#f5, #j1` is `v1.md#f5` and `v1.md#j1`; a list may continue on the next line of a comment. */
function parseCitations(text: string): readonly string[] {
  const unwrapped = text.replaceAll(/\n\s*(\*|\/\/)\s*/g, ' ')
  const lists = unwrapped.matchAll(/wire\/([\w-]+\.md)(#[\w-]+(?:, #[\w-]+)*)/g)
  return [...lists].flatMap(([, document, list = '']) =>
    list.split(', ').map(anchor => `${document}${anchor}`),
  )
}

function listFiles(folder: string): readonly string[] {
  return readdirSync(path.join(ROOT, folder), {recursive: true, encoding: 'utf8'})
    .map(file => `${folder}/${file.replaceAll('\\', '/')}`)
    .filter(file => /\.(ts|md)$/.test(file))
}

function read(file: string): string {
  return readFileSync(path.join(ROOT, file), 'utf8')
}
