/** Lines of bash taken apart, and words quoted so that bash evaluates nothing in them. */
import assert from 'node:assert/strict'
import {execFileSync} from 'node:child_process'
import {parseLine, quoteForBash, unquote} from '../../../../src/lib/cli/completion/shell-words.js'

const SEPARATORS = ' \t\n"\'><=;|&(:'
const parse = (line: string) => parseLine(line, SEPARATORS)

describe('a line of bash', () => {
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    ['glance in', ['glance'], 'in'],
    ['glance index ', ['glance', 'index'], ''],
    ['glance add name="My Image" d', ['glance', 'add', 'name=My Image'], 'd'],
    [String.raw`glance show My\ Im`, ['glance', 'show'], 'My Im'],
    ["glance show 'it'\\''s x", ['glance', 'show'], "it's x"],
    [String.raw`glance show "a\"b\$c`, ['glance', 'show'], 'a"b$c'],
    ['glance show "a b', ['glance', 'show'], 'a b'],
    ['glance add x=1 < disk.img --f', ['glance', 'add', 'x=1'], '--f'],
    ['glance add 2>/dev/null na', ['glance', 'add'], 'na'],
    ['cat x | glance sh', ['glance'], 'sh'],
    ['true && glance sh', ['glance'], 'sh'],
    ['glance index 2>&1 ', ['glance', 'index'], ''],
  ]
  for (const [line, words, current] of cases) {
    it(`has words: ${line}`, () => {
      const parsed = parse(line)
      assert.deepEqual([parsed.words, parsed.current.text, parsed.isRedirected], [words, current, false])
    })
  }

  it('may end with the file of a redirection', () => {
    for (const line of ['glance add < ', 'glance add <di', 'glance download x > "my', 'glance add 2>> x'])
      assert.equal(parse(line).isRedirected, true, line)
  })
})

describe('a word for bash', () => {
  it('replaces what follows the last separator or the open quote', () => {
    const quote = (line: string, text: string) => quoteForBash(text, parse(line).current)
    assert.equal(quote('glance index disk_format=q', 'disk_format=qcow2'), 'qcow2')
    assert.equal(quote('glance show My', 'My Image'), String.raw`My\ Image`)
    assert.equal(quote('glance show "My', 'My $Image'), String.raw`My \$Image`)
    assert.equal(quote("glance show 'it", "it's"), String.raw`it'\''s`)
    assert.equal(quote('glance show "b', 'bang!'), undefined)
    assert.equal(quote('glance add name="x', 'name=x y'), 'x y')
  })

  it('is what bash makes of it again, whatever it holds', () => {
    const names = [
      '$(false)`false`',
      `a"b'c`,
      '~root',
      '*?[a]',
      '#x',
      'a;b|c&d',
      '{a,b}',
      '\\',
      '!x',
      'ü ö',
      '-n',
    ]
    for (const typed of ['', "'"]) {
      const words = names.map(name => typed + quoteForBash(name, parse(`glance ${typed}`).current) + typed)
      const script = `printf '%s\\n' -- ${words.join(' ')}`
      assert.deepEqual(execFileSync('bash', ['-c', script]).toString().split('\n').slice(1, -1), names)
    }
  })
})

describe('a word of zsh or fish', () => {
  it('loses its quotes', () => {
    assert.deepEqual(['"a b', String.raw`a\ b`, "'x'y", '$(x)'].map(unquote), ['a b', 'a b', 'xy', '$(x)'])
  })
})
