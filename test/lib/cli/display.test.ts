/** The display in both forms: the stream and the escaping of each kind of text. */
import assert from 'node:assert/strict'
import {createDisplay} from '../../../src/lib/cli/display.js'
import {Failure} from '../../../src/lib/model/errors.js'
import type {PlanStep} from '../../../src/lib/work/changes/change.js'
import {NO_PROGRESS, type Progress} from '../../../src/lib/work/progress/progress.js'
import {fakeIo, type World} from '../../support/fake-io.js'

/** Moves the cursor, sets the title of the terminal, and holds a secret. */
const FOUL = 'a\x1b[31m\n\x9b2J hush-hush'
const CLEAN = 'a\\x1b[31m\\x0a\\x9b2J ***'

function createTestDisplay(isJson: boolean, world: World = {}) {
  const {io, seen} = fakeIo(world)
  const display = createDisplay(io, isJson ? 'ndjson' : undefined)
  display.conceal('hush-hush')
  return {display, seen, io}
}

const STEP: PlanStep = {
  lines: [FOUL, '  two'],
  record: {action: 'delete', kind: 'image', image: FOUL},
}

const FAILURE = new Failure('conflict', `cannot ${FOUL}`, {
  why: `why ${FOUL}`,
  advice: `advice ${FOUL}`,
  requestId: `req-${FOUL}`,
})

describe('the display for people', () => {
  it('prints the lines of a result without control characters', async () => {
    const {display, seen} = createTestDisplay(false)
    const records = () => assert.fail('records were asked for')
    await display.result(records, () => ['one', '', FOUL])
    await display.result(records, () => [])
    assert.deepEqual(seen(), {stdout: `one\n\n${CLEAN}\n`, stderr: '', asked: []})
  })

  it('prints a plan without control characters', async () => {
    const {display, seen} = createTestDisplay(false)
    await display.plan([STEP, {...STEP, lines: []}])
    assert.equal(seen().stdout, `Dry run. We would have done the following:\n${CLEAN}\n  two\n`)
  })

  it('prints a failure in several lines, and that of one item in one line', async () => {
    const {display, seen} = createTestDisplay(false)
    await display.failure(FAILURE, [`  at ${FOUL}`])
    await display.partialFailure(FAILURE)
    await display.partialFailure(new Failure('failed', 'no'))
    assert.equal(seen().stdout, '')
    assert.deepEqual(seen().stderr.split('\n'), [
      `glance: cannot ${CLEAN}`,
      `  why ${CLEAN}`,
      `  advice ${CLEAN}`,
      `  request id: req-${CLEAN}`,
      `  at ${CLEAN}`,
      `glance: cannot ${CLEAN}: why ${CLEAN}`,
      'glance: no',
      '',
    ])
  })

  it('is paged when standard output is a terminal', () => {
    assert.equal(createTestDisplay(false).display.isPaged, false)
    assert.equal(createTestDisplay(false, {terminal: true}).display.isPaged, true)
  })
})

describe('the display for programs', () => {
  it('prints each record of a result in a line without control characters', async () => {
    const {display, seen} = createTestDisplay(true)
    const lines = () => assert.fail('lines were asked for')
    await display.result(() => [{[FOUL]: FOUL}, {n: 1}], lines)
    await display.result(() => [], lines)
    const escaped = 'a\\u001b[31m\\n\\u009b2J ***'
    assert.deepEqual(seen(), {stdout: `{"${escaped}":"${escaped}"}\n{"n":1}\n`, stderr: '', asked: []})
  })

  it('prints a plan as one object for each step', async () => {
    const {display, seen} = createTestDisplay(true)
    await display.plan([STEP, {...STEP, lines: []}])
    const line = '{"dry_run":true,"action":"delete","kind":"image","image":"a\\u001b[31m\\n\\u009b2J ***"}\n'
    assert.equal(seen().stdout, line + line)
  })

  it('prints failures as objects', async () => {
    const {display, seen} = createTestDisplay(true)
    const failure = new Failure('conflict', 'cannot do it', {why: 'for hush-hush'})
    await display.failure(failure, ['  at hush-hush'])
    await display.partialFailure(failure)
    const common = '{"error":"cannot do it","kind":"conflict","exit_code":5,"why":"for ***"'
    assert.equal(seen().stderr, `${common},"stack":["  at ***"]}\n${common}}\n`)
  })

  it('is never paged', () => {
    assert.equal(createTestDisplay(true, {terminal: true}).display.isPaged, false)
  })
})

for (const isJson of [false, true]) {
  describe(`either display: ${isJson ? 'JSON' : 'text'}`, () => {
    it('prints notes, warnings and log lines on standard error without control characters', async () => {
      const {display, seen} = createTestDisplay(isJson)
      display.note(FOUL)
      display.warning(FOUL)
      display.log(FOUL)
      await display.close()
      assert.deepEqual(seen(), {
        stdout: '',
        stderr: `note: ${CLEAN}\nwarning: ${CLEAN}\n${CLEAN}\n`,
        asked: [],
      })
    })

    it('prints our own text unchanged', async () => {
      const {display, seen} = createTestDisplay(isJson)
      await display.text('Usage:\n  glance\n')
      assert.equal(seen().stdout, 'Usage:\n  glance\n')
    })

    it('asks questions without control characters, and masks the typed secret', async () => {
      const {display, seen} = createTestDisplay(isJson, {
        terminal: true,
        answers: [false],
        secret: 'open sesame',
      })
      assert.equal(await display.ask({text: FOUL, default: true}), false)
      assert.equal(await display.askSecret(FOUL), 'open sesame')
      display.note('open sesame')
      assert.deepEqual(seen().asked, [CLEAN, CLEAN])
      assert.equal(seen().stderr, 'note: ***\n')
    })

    it('can ask when standard input is a terminal', () => {
      assert.equal(createTestDisplay(isJson).display.canAsk, false)
      assert.equal(createTestDisplay(isJson, {terminal: true}).display.canAsk, true)
    })

    it('removes control characters from the message of a forced exit', () => {
      const {io} = fakeIo()
      const lines: unknown[] = []
      const display = createDisplay(
        {...io, onForcedExit: line => void lines.push(line)},
        isJson ? 'ndjson' : undefined,
      )
      display.conceal('hush-hush')
      display.onForcedExit(FOUL)
      display.onForcedExit(undefined)
      assert.deepEqual(lines, [`glance: ${CLEAN}`, undefined])
    })

    it('hides progress before each line and each question, and masks its names', async () => {
      const {display} = createTestDisplay(isJson, {terminal: true})
      const events: string[] = []
      const progress = display.adopt({
        ...NO_PROGRESS,
        start: ({name}) => void events.push(name),
        hide: () => void events.push('hide'),
      } satisfies Progress)
      progress.start({name: 'hush-hush', unit: 'bytes'})
      assert.deepEqual(events.splice(0), ['***'])
      for (const act of [
        () => display.note('x'),
        () => display.warning('x'),
        () => display.log('x'),
        () =>
          display.result(
            () => [{}],
            () => ['x'],
          ),
        () => display.partialFailure(FAILURE),
        () => display.failure(FAILURE),
        () => display.ask({text: 'x', default: true}),
        () => display.askSecret('x'),
      ]) {
        await act()
        assert.deepEqual(events.splice(0), ['hide'])
      }
    })
  })
}
