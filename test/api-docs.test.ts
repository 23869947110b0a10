/** Checks that the reference in `docs/api` describes every public name; `npm run api-docs` writes it. */
import assert from 'node:assert/strict'
import {readFileSync} from 'node:fs'
import path from 'node:path'
import {Client} from '../src/lib/client.js'

const ROOT = path.resolve(import.meta.dirname, '../..')
const ENTRY = readFileSync(path.join(ROOT, 'src/lib/client.ts'), 'utf8')

describe('the reference of the library', () => {
  const text = readFileSync(path.join(ROOT, 'docs/api/README.md'), 'utf8')
  const sections = new Map(
    text.split(/^#{1,5} (?=\S)/m).map(section => {
      const end = section.indexOf('\n')
      return [section.slice(0, end).replace(/\(\)$/, ''), section.slice(end)] as const
    }),
  )

  /** The first sentence of a section after its code. */
  function readDescription(name: string): string {
    const prose = (sections.get(name) ?? '').replaceAll(/^```.*?^```/gms, '')
    return prose.split('\n').find(line => /^[A-Z]/.test(line)) ?? ''
  }

  it('describes every name of the entry point', () => {
    const names = [...ENTRY.matchAll(/^export (?:type )?\{([^}]*)\}/gm)]
      .flatMap(([, list = '']) => list.split(','))
      .map(name => name.trim().replace(/^type /, ''))
      .filter(Boolean)
    assert.ok(names.length > 30)
    const missing = names.filter(name => readDescription(name) === '' && !isListed(name))
    assert.deepEqual(missing, [])
  })

  /** A description that is a list. */
  const isListed = (name: string) => /^- `/m.test(sections.get(name) ?? '')

  it('describes every method of Client', () => {
    const statics = ['fromCloud', 'fromEnvironment']
    const methods = Object.getOwnPropertyNames(Client.prototype).filter(name => name !== 'constructor')
    assert.ok(methods.length >= 15)
    assert.deepEqual(
      [...methods, ...statics].filter(name => readDescription(name) === ''),
      [],
    )
  })

  it('tells nothing of the machine and the day it was written on', () => {
    assert.doesNotMatch(text, new RegExp(`${ROOT}|/home/|/work/|Generated|20\\d\\d-\\d\\d-\\d\\dT`, 'i'))
  })
})
