/** The steps of a change: plan, confirmation, execution and report. */
import assert from 'node:assert/strict'
import type {ImageApi} from '../../../../src/lib/api/image-api.js'
import {Failure} from '../../../../src/lib/model/errors.js'
import {
  type Change,
  type ChangeDisplay,
  type ChangeOutcome,
  carryOut,
  type PlanStep,
} from '../../../../src/lib/work/changes/change.js'
import {Consent} from '../../../../src/lib/work/consent.js'
import {failure} from '../../../support/failure.js'

interface SessionOptions {
  readonly dryRun?: boolean
  readonly force?: boolean
  /** The answers of a user at a terminal; without them standard input is not a terminal. */
  readonly answers?: boolean[]
}

/** A session that records all events in order. */
function recordingSession({dryRun = false, force = false, answers}: SessionOptions = {}) {
  const events: string[] = []
  const display: ChangeDisplay = {
    note: text => void events.push(`note ${text}`),
    warning: text => void events.push(`warning ${text}`),
    plan: async steps => {
      for await (const {lines, record} of steps) events.push(`plan ${JSON.stringify(record)} ${lines}`)
    },
    result: async (records, lines) => void events.push(`result ${JSON.stringify(records())} ${lines?.()}`),
    complete: async () => {},
    partialFailure: async ({message}) => void events.push(`failed ${message}`),
  }
  const asker = {
    canAsk: answers !== undefined,
    ask: async ({text}: {text: string}) => {
      events.push(`ask ${text}`)
      return answers?.shift() ?? assert.fail('no answer is left')
    },
  }
  const open = async () => {
    events.push('open')
    return {version: 2} as unknown as ImageApi
  }
  return {events, session: {display, dryRun, consent: new Consent(asker, force), open}}
}

const RESULT: ChangeOutcome = {lines: ['a line'], record: {id: 'x'}}
const [GONE, DENIED] = [new Failure('not-found', 'it is gone'), new Failure('denied', 'it is not yours')]

function planStep(line: string): PlanStep {
  return {lines: [line], record: {action: 'keep', kind: 'image'}}
}

function createChange(outcomes: readonly ChangeOutcome[], more: Partial<Change> = {}): Change {
  return {
    plan: () => [planStep('one'), planStep('two')],
    async *perform() {
      yield* outcomes
    },
    ...more,
  }
}

describe('carrying out a change', () => {
  it('prints notices first, then results and notes as they arrive', async () => {
    const {events, session} = recordingSession()
    const change = createChange([RESULT, {note: 'by the way'}], {notices: ['careful']})
    await carryOut(change, session)
    assert.deepEqual(events, ['note careful', 'open', 'result [{"id":"x"}] a line', 'note by the way'])
  })

  it('only prints the plan in a dry run', async () => {
    const record = '{"action":"keep","kind":"image"}'
    const {events, session} = recordingSession({dryRun: true})
    const check = () => assert.fail('checked in a dry run')
    const change = createChange([RESULT], {
      notices: ['careful'],
      question: async () => ({text: 'Go on?'}),
      check,
    })
    await carryOut(change, session)
    assert.deepEqual(events, ['note careful', `plan ${record} one`, `plan ${record} two`])
  })

  it('opens the service in a dry run when the plan needs it', async () => {
    const {events, session} = recordingSession({dryRun: true})
    const change = createChange([], {
      async *plan(open) {
        yield planStep(`version ${(await open()).version}`)
      },
    })
    await carryOut(change, session)
    assert.deepEqual(events, ['open', 'plan {"action":"keep","kind":"image"} version 2'])
  })

  it('checks first, before a question and before the service is opened', async () => {
    const {events, session} = recordingSession({answers: [true]})
    const change = createChange([RESULT], {
      question: async () => ({text: 'Go on?'}),
      check() {
        throw GONE
      },
    })
    await assert.rejects(carryOut(change, session), failure('not-found', 'it is gone', /^$/))
    assert.deepEqual(events, [])
  })

  describe('with a question', () => {
    const change = createChange([RESULT], {question: async () => ({text: 'Go on?'}), refusal: 'not going on'})

    it('performs the change after a yes', async () => {
      const {events, session} = recordingSession({answers: [true]})
      await carryOut(change, session)
      assert.deepEqual(events, ['ask Go on?', 'open', 'result [{"id":"x"}] a line'])
    })

    it('does nothing after a no, and says so', async () => {
      const {events, session} = recordingSession({answers: [false]})
      await assert.rejects(carryOut(change, session), failure('failed', 'not going on', /^$/))
      assert.deepEqual(events, ['ask Go on?'])
    })

    it('asks nothing with --force', async () => {
      for (const answers of [[], undefined]) {
        const {events, session} = recordingSession({force: true, ...(answers && {answers})})
        await carryOut(change, session)
        assert.deepEqual(events, ['open', 'result [{"id":"x"}] a line'])
      }
    })

    it('refuses without a terminal, and names --force', async () => {
      const {events, session} = recordingSession()
      await assert.rejects(carryOut(change, session), (error: Failure) => {
        assert.equal(error.advice, 'Give --force to go ahead without a question.')
        const why = 'confirmation is required, but standard input is not a terminal'
        return failure('failed', 'not going on', why)(error)
      })
      assert.deepEqual(events, [])
    })

    it('asks nothing when there is nothing to do', async () => {
      const {events, session} = recordingSession({answers: []})
      const question = async () => ({text: undefined, findings: [{note: 'nothing is there'}]})
      await carryOut(createChange([RESULT], {question}), session)
      assert.deepEqual(events, ['note nothing is there'])
    })

    it('reports what was found before it asks, and counts the failures among it', async () => {
      const {events, session} = recordingSession({answers: [true]})
      const question = async () => ({text: 'Go on?', findings: [GONE]})
      await assert.rejects(
        carryOut(createChange([RESULT], {question}), session),
        failure('not-found', '1 step could not be completed', /^$/),
      )
      assert.deepEqual(events, ['failed it is gone', 'ask Go on?', 'open', 'result [{"id":"x"}] a line'])
    })

    it('asks further questions during the change', async () => {
      const asking = createChange([], {
        async *perform(_api, consent) {
          yield {note: String(await consent.ask('Really?'))}
        },
      })
      for (const [options, expected] of [
        [{answers: [true]}, ['open', 'ask Really?', 'note true']],
        [{answers: [false]}, ['open', 'ask Really?', 'note false']],
        [{}, ['open', 'note false']],
        [{force: true}, ['open', 'note true']],
      ] as const) {
        const {events, session} = recordingSession(options as SessionOptions)
        await carryOut(asking, session)
        assert.deepEqual(events, expected)
      }
    })
  })

  describe('when parts of it fail', () => {
    const parts = {noun: 'image', verb: 'deleted'}

    it('continues, reports each failure, and counts them at the end', async () => {
      const {events, session} = recordingSession()
      const change = createChange([GONE, RESULT, GONE], {parts})
      await assert.rejects(
        carryOut(change, session),
        failure('not-found', '2 images could not be deleted', /^$/),
      )
      const result = 'result [{"id":"x"}] a line'
      assert.deepEqual(events, ['open', 'failed it is gone', result, 'failed it is gone'])
    })

    it('counts one failure', async () => {
      const {session} = recordingSession()
      const change = createChange([DENIED, RESULT], {parts})
      await assert.rejects(carryOut(change, session), failure('denied', '1 image could not be deleted', /^$/))
    })

    it('fails with the common kind, or with a general one', async () => {
      const {session} = recordingSession()
      await assert.rejects(
        carryOut(createChange([GONE, DENIED]), session),
        failure('failed', '2 steps could not be completed', /^$/),
      )
    })

    it('ends at once with an error that is thrown', async () => {
      const {events, session} = recordingSession()
      const change = createChange([], {
        async *perform() {
          yield GONE
          throw DENIED
        },
      })
      await assert.rejects(carryOut(change, session), failure('denied', 'it is not yours', /^$/))
      assert.deepEqual(events, ['open', 'failed it is gone'])
    })
  })
})
