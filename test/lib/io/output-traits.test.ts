/** What an output can show: colours and characters, by its kind and the environment. */
import assert from 'node:assert/strict'
import {inspectOutput, isUtf8Locale} from '../../../src/lib/io/output-traits.js'

const terminal = {isTerminal: true, columns: 80, write: async () => {}}
const pipe = {isTerminal: false, columns: undefined, write: async () => {}}

describe('the traits of an output', () => {
  const colours: readonly (readonly [string, Record<string, string>, boolean])[] = [
    ['nothing', {}, true],
    ['an empty NO_COLOR', {NO_COLOR: ''}, true],
    ['NO_COLOR', {NO_COLOR: '1'}, false],
    ['NO_COLOR=0', {NO_COLOR: '0'}, false],
    ['TERM=xterm', {TERM: 'xterm'}, true],
    ['TERM=dumb', {TERM: 'dumb'}, false],
  ]
  for (const [name, env, hasColour] of colours) {
    it(`colours on a terminal with ${name}: ${hasColour}`, () => {
      assert.equal(inspectOutput(terminal, env).hasColour, hasColour)
      assert.equal(inspectOutput(pipe, env).hasColour, false)
    })
  }

  const locales: readonly (readonly [Record<string, string>, boolean])[] = [
    [{}, true],
    [{LANG: ''}, true],
    [{LANG: 'C'}, false],
    [{LANG: 'POSIX'}, false],
    [{LANG: 'C.UTF-8'}, true],
    [{LANG: 'de_DE.utf8'}, true],
    [{LANG: 'de_DE.UTF-8@euro'}, true],
    [{LANG: 'de_DE.ISO-8859-1'}, false],
    [{LANG: 'de_DE'}, true],
    [{LC_ALL: 'C', LC_CTYPE: 'C.UTF-8', LANG: 'C.UTF-8'}, false],
    [{LC_ALL: '', LC_CTYPE: 'C', LANG: 'C.UTF-8'}, false],
    [{LC_CTYPE: 'en_US.UTF-8', LANG: 'C'}, true],
  ]
  for (const [env, isUtf8] of locales) {
    it(`UTF-8 with ${JSON.stringify(env)}: ${isUtf8}`, () => {
      assert.equal(isUtf8Locale(env), isUtf8)
      assert.equal(inspectOutput(terminal, env).isUnicode, isUtf8)
      assert.equal(inspectOutput(pipe, env).isUnicode, true)
    })
  }
})
