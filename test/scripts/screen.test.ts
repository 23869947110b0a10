/** The screen of a terminal in pictures: styles, columns of wide characters, wrapping and rewritten lines. */
import assert from 'node:assert/strict'
import {toScreen} from '../../scripts/pictures/screen.js'
import {drawScreen, PALETTES} from '../../scripts/pictures/svg.js'

describe('a screen', () => {
  it('has a run for each style, with its column', () => {
    assert.deepEqual(toScreen('\x1b[1m\x1b[31mglance:\x1b[39m\x1b[22m no\n\x1b[2mx\x1b[22m', 80), [
      [
        {text: 'glance:', column: 0, width: 7, isBold: true, colour: 'red'},
        {text: ' no', column: 7, width: 3, colour: undefined},
      ],
      [{text: 'x', column: 0, width: 1, colour: 'dim'}],
    ])
  })

  it('gives wide characters two columns', () => {
    assert.deepEqual(toScreen('a日本 b', 80), [
      [
        {text: 'a', column: 0, width: 1},
        {text: '日本', column: 1, width: 4},
        {text: ' b', column: 5, width: 2},
      ],
    ])
  })

  it('wraps lines, and shows what was written last', () => {
    const lines = toScreen('abcdef\n10%\r100%\rxy\x1b[K\n', 4).map(line =>
      line.map(({text}) => text).join(''),
    )
    assert.deepEqual(lines, ['abcd', 'ef', 'xy'])
  })

  it('refuses control sequences that it does not know', () => {
    assert.throws(() => toScreen('a\x1b[2Jb', 80), /not understood/)
    assert.throws(() => toScreen('\x1b[7mb', 80), /unknown style: 7/)
  })

  it('is drawn with its title, and each run in its place', () => {
    const svg = drawScreen({title: 'a < b', lines: toScreen('  a&b', 80), columns: 80}, PALETTES.dark)
    assert.match(svg, /role="img" aria-labelledby="title">\n<title id="title">a &lt; b<\/title>/)
    assert.match(
      svg,
      /<text x="32.8" y="54" textLength="25.2" lengthAdjust="spacingAndGlyphs">a&amp;b<\/text>/,
    )
    assert.doesNotMatch(svg, /<script|href|url\(/)
  })
})
