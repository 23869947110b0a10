/** Help texts in terminals of several widths: wrapped by words, complete, and never wider than the terminal. */
import assert from 'node:assert/strict'
import {
  chooseColumns,
  type HelpPage,
  layOut,
  type Row,
  toParagraphs,
} from '../../../../src/lib/cli/help/help-layout.js'
import {helpTexts} from '../../../support/reference.js'

/** The lines of a page without the end of the last one. */
const toLines = (page: HelpPage, columns: number) => layOut(page, columns).split('\n').slice(0, -1)
const toWords = (text: string) => text.split(/[\s\\]+/)

describe('the layout of help', () => {
  it('takes COLUMNS before the width of the terminal, and 80 without either', () => {
    assert.equal(chooseColumns('60', 90), 60)
    assert.equal(chooseColumns(undefined, 90), 90)
    assert.equal(chooseColumns(undefined, undefined), 80)
    assert.equal(chooseColumns(undefined, 0), 80)
    for (const invalid of ['', '0', '-5', 'wide', '6e1']) assert.equal(chooseColumns(invalid, 90), 90)
    assert.equal(chooseColumns('250', 60), 100)
  })

  it('wraps by words', () => {
    assert.deepEqual(toLines([{paragraph: 'one two\nthree four'}], 9), ['one two', 'three', 'four'])
    assert.deepEqual(toLines([{paragraph: 'a longerword b'}], 4), ['a', 'longerword', 'b'])
    assert.deepEqual(toLines(toParagraphs('one\ntwo\n\nthree'), 20), ['one two', '', 'three'])
  })

  it('continues an example with a backslash, and does not break quoted words', () => {
    assert.deepEqual(toLines([{example: 'glance show x'}], 20), ['  glance show x'])
    assert.deepEqual(toLines([{example: 'glance add name="My Image" < disk'}], 20), [
      '  glance add \\',
      '    name="My Image" \\',
      '    < disk',
    ])
  })

  const ROWS: readonly Row[] = [
    ['-f, --force', 'Do not ask for confirmation'],
    ['    --a-name-of-more-than-28-columns', 'On a line of its own'],
  ]

  it('sets cells side by side where there is room', () => {
    assert.deepEqual(toLines([{rows: ROWS}], 60), [
      '  -f, --force                   Do not ask for confirmation',
      '      --a-name-of-more-than-28-columns',
      '                                On a line of its own',
    ])
  })

  it('sets them one above the other where there is not', () => {
    assert.deepEqual(toLines([{rows: ROWS}], 30), [
      '  -f, --force',
      '        Do not ask for',
      '        confirmation',
      '  --a-name-of-more-than-28-columns',
      '        On a line of its own',
    ])
  })

  it('keeps every help within 40 to 120 columns, with all of its words', async () => {
    const [usual, ...others] = await Promise.all([80, 40, 60, 120].map(columns => helpTexts(columns)))
    const words = usual?.map(([name, text]) => [name, toWords(text)])
    for (const [n, columns] of [40, 60, 120].entries()) {
      const texts = others[n] ?? []
      const long = texts.flatMap(([, text]) => text.split('\n').filter(line => line.length > columns))
      assert.deepEqual(long, [])
      assert.deepEqual(
        texts.map(([name, text]) => [name, toWords(text)]),
        words,
      )
    }
    assert.deepEqual(
      usual?.flatMap(([, text]) => text.split('\n').filter(line => line.length > 80)),
      [],
    )
  })
})
