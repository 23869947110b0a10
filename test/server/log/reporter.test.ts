/** The log of the service: which line goes where, and what happens while a file cannot be written. */
import assert from 'node:assert/strict'
import {createReporter, type LogSettings} from '../../../src/server/log/reporter.js'

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z /

describe('log of the service', () => {
  let stderr: string[]
  let file: string[]
  beforeEach(() => {
    stderr = []
    file = []
  })

  /** Logs one line of each kind. */
  async function logAll(settings: LogSettings, isTerminal: boolean, hasFile: boolean): Promise<void> {
    const {log, warn, steps} = await createReporter(settings, {
      stderr: line => stderr.push(line),
      isTerminal,
      file: hasFile ? line => file.push(line) : undefined,
    })
    log('request')
    steps?.log('step')
    steps?.run('req-1', () => steps.log('step'))
    warn('warning')
  }

  const withoutTime = (lines: readonly string[]) => lines.map(line => line.replace(TIME, ''))

  const cases: readonly (readonly [string, LogSettings, boolean, boolean, string, string])[] = [
    ['a pipe has requests', {}, false, false, 'request, warning', ''],
    ['a terminal has warnings alone', {}, true, false, 'warning', ''],
    ['a terminal has requests with verbose', {verbose: true}, true, false, 'request, warning', ''],
    ['a terminal has steps with debug', {debug: true}, true, false, 'request, step, req-1 step, warning', ''],
    ['a pipe has no steps with verbose', {verbose: true}, false, false, 'request, warning', ''],
    ['a file has requests in place of a pipe', {}, false, true, 'warning', 'request, warning'],
    ['a file has requests without verbose', {}, true, true, 'warning', 'request, warning'],
    ['a file has steps', {debug: true}, true, true, 'warning', 'request, step, req-1 step, warning'],
  ]
  for (const [title, settings, isTerminal, hasFile, expectedStderr, expectedFile] of cases) {
    it(title, async () => {
      await logAll(settings, isTerminal, hasFile)
      assert.deepEqual(
        [withoutTime(stderr).join(', '), withoutTime(file).join(', ')],
        [expectedStderr, expectedFile],
      )
    })
  }

  it('begins each line with its time in UTC, to milliseconds', async () => {
    await logAll({debug: true}, false, true)
    for (const line of [...stderr, ...file]) assert.match(line, TIME)
  })

  it('has no steps unless they are logged', async () => {
    const reporter = await createReporter({verbose: true}, {stderr: () => {}, isTerminal: false})
    assert.deepEqual(Object.keys(reporter), ['log', 'warn'])
  })

  it('reports once that a file cannot be written, and later how many lines it lacks', async () => {
    let isFull = false
    const write = async (line: string) => {
      if (isFull) throw new Error('cannot write the log file x: no space')
      file.push(line)
    }
    const {log} = await createReporter({}, {stderr: line => stderr.push(line), isTerminal: true, file: write})
    const logAndSettle = async (line: string) => {
      log(line)
      await new Promise(resolve => setImmediate(resolve))
    }
    await logAndSettle('a')
    isFull = true
    await logAndSettle('b')
    await logAndSettle('c')
    isFull = false
    await logAndSettle('d')
    isFull = true
    await logAndSettle('e')
    const report = 'cannot write the log file x: no space; lines are dropped until it can be written'
    assert.deepEqual(withoutTime(stderr), [report, report])
    const dropped = 'dropped 2 lines of the log that could not be written in time'
    assert.deepEqual(withoutTime(file), ['a', 'd', dropped])
  })
})
