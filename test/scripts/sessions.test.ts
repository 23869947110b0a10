/** The pictures of sessions in the README show what the tool prints today. */
import assert from 'node:assert/strict'
import {readdirSync, readFileSync} from 'node:fs'
import path from 'node:path'
import {drawSessions} from '../../scripts/pictures/sessions.js'

const ROOT = path.resolve(import.meta.dirname, '../../..')
const FOLDER = path.join(ROOT, 'docs/pictures')

describe('the pictures of sessions', () => {
  it('are what `npm run sessions` draws', async () => {
    const drawn = await drawSessions()
    assert.deepEqual(readdirSync(FOLDER).sort(), [...drawn.keys()].sort())
    for (const [name, text] of drawn) assert.equal(readFileSync(path.join(FOLDER, name), 'utf8'), text)
  })

  it('are in the README, light and dark, with a text for those who do not see them', () => {
    const readme = readFileSync(path.join(ROOT, 'README.md'), 'utf8')
    const pictures = readme.matchAll(
      /<picture>\n {2}<source media="\(prefers-color-scheme: dark\)" srcset="docs\/pictures\/(.+)\.dark\.svg">\n {2}<img src="docs\/pictures\/(.+)\.light\.svg" alt=".+">\n<\/picture>/g,
    )
    const names = [...pictures].flatMap(([, dark, light]) => [`${dark}.dark.svg`, `${light}.light.svg`])
    assert.deepEqual(names.sort(), readdirSync(FOLDER).sort())
  })
})
