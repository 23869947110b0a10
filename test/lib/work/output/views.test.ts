/** Members and settings on terminals of any width, and times of any server. */
import assert from 'node:assert/strict'
import {toUtcTime} from '../../../../src/lib/model/utc-time.js'
import {viewMembers} from '../../../../src/lib/work/output/member-view.js'
import {settingLines} from '../../../../src/lib/work/output/setting-view.js'

const PROJECT = '9c2f4b7e1a0d4e6f8b3a5c7d9e1f2a3b'

describe('members', () => {
  const members = [{memberId: PROJECT, canShare: true, status: 'accepted'}]
  const format = (columns: number | undefined) =>
    viewMembers('1', members, {hasStatus: true, columns, isTitled: false}).lines()
  const footnote = ['', '(*: Can share image)']

  it('have one line where there is room, and anywhere in a pipe', () => {
    for (const columns of [undefined, 80, 43])
      assert.deepEqual(format(columns), [`${PROJECT} accepted *`, ...footnote])
  })

  it('have what does not fit on a second line', () =>
    assert.deepEqual(format(42), [PROJECT, '  accepted *', ...footnote]))
})

describe('settings', () => {
  const settings = [{name: 'endpoint', value: 'http://127.0.0.1:9292', from: 'OS_IMAGE_URL'}]

  it('have one line where there is room', () =>
    assert.deepEqual(settingLines(settings), [
      'endpoint                       http://127.0.0.1:9292                    OS_IMAGE_URL',
    ]))

  it('have a line for each part on a narrow terminal', () =>
    assert.deepEqual(settingLines(settings, 40), ['endpoint', '  http://127.0.0.1:9292', '  (OS_IMAGE_URL)']))
})

describe('times', () => {
  for (const [text, expected] of [
    ['2011-08-15T16:20:49', '2011-08-15T16:20:49Z'],
    ['2011-08-15 16:20:49', '2011-08-15T16:20:49Z'],
    ['2011-08-15T16:20:49.000123', '2011-08-15T16:20:49.000123Z'],
    ['2011-08-15 16:20', '2011-08-15T16:20Z'],
    ['2011-08-15T16:20+02:00', '2011-08-15T14:20:00Z'],
    ['2011-08-15T16:20:49Z', '2011-08-15T16:20:49Z'],
    ['2011-08-15T16:20:49+00:00', '2011-08-15T16:20:49Z'],
    ['2011-08-15T16:20:49+02:00', '2011-08-15T14:20:49Z'],
    ['Mon, 15 Aug 2011', 'Mon, 15 Aug 2011'],
  ] as const)
    it(`${text} is ${expected}`, () => assert.equal(toUtcTime(text), expected))
})
