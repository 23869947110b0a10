/** Secrets are masked everywhere, and nothing else is. */
import assert from 'node:assert/strict'
import {Secrets} from '../../../src/lib/cli/secrets.js'

function createSecrets(...all: string[]): Secrets {
  const secrets = new Secrets()
  for (const secret of all) secrets.add(secret)
  return secrets
}

describe('secrets of a run', () => {
  it('are masked as whole words', () => {
    const secrets = createSecrets('hush-hush', 'p.ss$w^rd')
    for (const [text, masked] of [
      ['hush-hush', '***'],
      ['no hush-hush, and no hush-hush', 'no ***, and no ***'],
      ['(hush-hush)p.ss$w^rd', '(***)***'],
      ['xhush-hush hush-hushx hush', 'xhush-hush hush-hushx hush'],
      ['pass$w^rd', 'pass$w^rd'],
      ['', ''],
    ] as const) {
      assert.equal(secrets.mask(text), masked)
    }
  })

  it('are not masked when they are too short', () => {
    assert.equal(createSecrets('', 'wrong', 'seven-7').mask('wrong, seven-7'), 'wrong, seven-7')
  })

  it('are seen in the JSON of a value, where an escape could hide one as well', () => {
    for (const [secret, json, isClean] of [
      ['hush-hush', '{"a":"hush"}', true],
      ['hush-hush', '{"a":"hush-hush"}', false],
      ['hush"hush', '{"a":"hush\\"hush"}', false],
      ['hush\\hush', '{"a":"b"}', false],
      ['h\u00fcsch-h\u00fcsch', '{"a":"h\\u00fcsch-h\\u00fcsch"}', false],
    ] as const) {
      assert.equal(createSecrets(secret).isCleanJson(json), isClean, secret)
    }
  })

  it('are masked in every text of a value, names included', () => {
    const value = JSON.parse(
      '{"a": ["hush-hush", 1, null, {"__proto__": "hush-hush"}], "hush-hush": true}',
    ) as unknown
    assert.equal(
      JSON.stringify(createSecrets('hush-hush').maskAll(value)),
      '{"a":["***",1,null,{"__proto__":"***"}],"***":true}',
    )
    assert.equal(createSecrets().maskAll(value), value)
  })

  it('are masked within longer words and cut off, if they are long', () => {
    const secrets = createSecrets('gAAAAABn0123456789abcdef')
    assert.equal(secrets.mask('req-gAAAAABn0123456789abcdef_1'), 'req-***_1')
    assert.equal(secrets.mask('img_gAAAAABn0123456789a...'), 'img_***...')
    assert.equal(secrets.mask('gAAAAABn'), 'gAAAAABn')
  })

  it('may be long and contain anything', () => {
    const token = `${'('.repeat(20_000)}${'t'.repeat(20_000)}`
    assert.equal(createSecrets(token).mask(`${token} and ${token}.`), '*** and ***.')
    assert.equal(createSecrets('t'.repeat(1000)).mask('t'.repeat(1_000_000)), '***'.repeat(1000))
  })
})
