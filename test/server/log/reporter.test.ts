/** The log of the service: which line goes where and in which form, and what happens while a file cannot be written. */
import assert from 'node:assert/strict'
import {createReporter, type LogSettings} from '../../../src/server/log/reporter.js'

const TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d /

describe('log of the service', () => {
  let printed: string[]
  let file: string[]
  let opened: string[]
  beforeEach(() => {
    printed = []
    file = []
    opened = []
  })

  const outputs = (isTerminal = false) => ({
    print: (line: string) => printed.push(line),
    isTerminal,
    openFile: async (path: string) => {
      opened.push(path)
      return (line: string) => file.push(line)
    },
  })

  /** Logs one line of each kind. */
  async function logAll(settings: LogSettings, isTerminal = false): Promise<void> {
    const {log, warn, steps} = await createReporter(settings, outputs(isTerminal))
    log('request')
    steps?.log('step')
    steps?.run('req-1', () => steps.log('step'))
    warn('warning')
    warn('end', {level: 'INFO'})
    warn('defect', {level: 'ERROR', request_id: 'req-2'})
  }

  /** The lines without times. */
  const join = (lines: readonly string[]) =>
    lines.map(line => line.replace(TIME, '').replace('[glance] ', '').trim()).join(', ')
  const WARNINGS = 'WARNING warning, INFO end, ERROR [req-2] defect'
  const ALL = `INFO request, ${WARNINGS}`
  const STEPS = `INFO request, DEBUG step, DEBUG [req-1] step, ${WARNINGS}`

  const cases: readonly (readonly [string, LogSettings, boolean, string, string])[] = [
    ['a pipe has requests', {}, false, ALL, ''],
    ['a terminal has warnings alone', {}, true, WARNINGS, ''],
    ['a terminal has requests with verbose', {verbose: true}, true, ALL, ''],
    ['a terminal has steps with debug', {verbose: true, level: 'DEBUG'}, true, STEPS, ''],
    ['a pipe has no steps with verbose', {verbose: true}, false, ALL, ''],
    ['a file has requests in place of a pipe', {file: '/log'}, false, WARNINGS, ALL],
    ['a file has requests without verbose', {file: '/log'}, true, WARNINGS, ALL],
    ['a file has steps', {file: '/log', level: 'DEBUG'}, true, WARNINGS, STEPS],
    ['lines below the level are left out', {level: 'ERROR'}, false, 'ERROR [req-2] defect', ''],
  ]
  for (const [title, settings, isTerminal, expected, expectedFile] of cases) {
    it(title, async () => {
      await logAll(settings, isTerminal)
      assert.deepEqual([join(printed), join(file)], [expected, expectedFile])
      assert.deepEqual(opened, settings.file === undefined ? [] : ['/log'])
    })
  }

  it('has lines in the form of the manual', async () => {
    await logAll({program: 'glance-api', level: 'DEBUG'})
    assert.match(printed[0] ?? '', /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {6}INFO \[glance-api\] request$/)
    assert.match(printed[1] ?? '', /^[-\d]+ [:\d]+ {5}DEBUG \[glance-api\] step$/)
    assert.match(printed[2] ?? '', /^[-\d]+ [:\d]+ {5}DEBUG \[req-1\] step$/)
    assert.match(printed[3] ?? '', /^[-\d]+ [:\d]+ {3}WARNING \[glance-api\] warning$/)
    printed = []
    await logAll({dateFormat: '%d/%m'})
    assert.match(printed[0] ?? '', /^\d\d\/\d\d {6}INFO \[glance\] request$/)
  })

  it('has lines of JSON, in which every fact is a field', async () => {
    const {log, warn} = await createReporter({program: 'glance-api', format: 'json'}, outputs())
    log('a "request" of café', {request_id: 'req-1', status: 200, user_id: '-'})
    warn('warning\nin two lines')
    const [first = '', second = ''] = printed
    assert.match(first, /^[\x20-\x7e]+$/)
    const {time, ...fields} = JSON.parse(first)
    assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    assert.deepEqual(fields, {
      level: 'INFO',
      program: 'glance-api',
      request_id: 'req-1',
      status: 200,
      user_id: '-',
      message: 'a "request" of café',
    })
    const {time: _time, ...warning} = JSON.parse(second)
    assert.deepEqual(warning, {level: 'WARNING', program: 'glance-api', message: 'warning\nin two lines'})
  })

  it('names the request of a warning, where steps are logged', async () => {
    const {warn, steps} = await createReporter({level: 'DEBUG'}, outputs())
    steps?.run('req-1', () => warn('warning'))
    assert.equal(join(printed), 'WARNING [req-1] warning')
  })

  it('has no steps unless they are logged', async () => {
    const reporter = await createReporter({verbose: true}, outputs())
    assert.deepEqual(Object.keys(reporter), ['log', 'warn', 'prepareReload'])
  })

  it('takes other settings while it runs, once they are applied', async () => {
    const {log, prepareReload} = await createReporter({}, outputs())
    const apply = await prepareReload({file: '/new', format: 'json'})
    log('a')
    assert.deepEqual([join(printed), file, opened], ['INFO a', [], ['/new']])
    apply()
    log('b')
    assert.deepEqual([join(printed), JSON.parse(file[0] ?? '').message], ['INFO a', 'b'])
    const broken = {...outputs(), openFile: () => Promise.reject(new Error('no such folder'))}
    const other = await createReporter({}, broken)
    await assert.rejects(other.prepareReload({file: '/none'}), /no such folder/)
    other.log('c')
    assert.equal(join(printed), 'INFO a, INFO c')
  })

  it('reports once that a file cannot be written, and later how many lines it lacks', async () => {
    let isFull = false
    const openFile = async () => async (line: string) => {
      if (isFull) throw new Error('cannot write the log file x: no space')
      file.push(line)
    }
    const {log} = await createReporter({file: 'x'}, {...outputs(true), openFile})
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
    const report = 'WARNING cannot write the log file x: no space; lines are dropped until it can be written'
    assert.equal(join(printed), `${report}, ${report}`)
    const dropped = 'WARNING dropped 2 lines of the log that could not be written in time'
    assert.equal(join(file), `INFO a, INFO d, ${dropped}`)
  })
})
