/** Progress: its text, its width, and that it restores the terminal. */
import assert from 'node:assert/strict'
import {Readable} from 'node:stream'
import {buffer} from 'node:stream/consumers'
import fc from 'fast-check'
import {chooseProgress} from '../../../../src/lib/cli/flags/progress.js'
import type {Io} from '../../../../src/lib/io/io.js'
import {formatSize} from '../../../../src/lib/work/output/formats/size.js'
import {ProgressBar} from '../../../../src/lib/work/progress/bar.js'
import {ProgressCounter} from '../../../../src/lib/work/progress/counter.js'
import {formatBar, formatDuration} from '../../../../src/lib/work/progress/format.js'
import {ProgressEvents, ProgressLines} from '../../../../src/lib/work/progress/lines.js'
import {
  NO_PROGRESS,
  type Progress,
  type ProgressTask,
  sendWithProgress,
} from '../../../../src/lib/work/progress/progress.js'
import {FakeTerminal} from '../../../support/fake-terminal.js'

const MIB = 1024 * 1024

/** A clock that a test advances. */
function clock() {
  let time = 0
  const turn = (seconds: number) => {
    time += seconds * 1000
  }
  return {now: () => time, turn}
}

/** A tally that has counted `count` bytes in `seconds` seconds. */
function createTally(work: Partial<ProgressTask>, count: number, seconds: number): ProgressCounter {
  const {now, turn} = clock()
  const tally = new ProgressCounter({name: 'disk.qcow2', unit: 'bytes', ...work}, now)
  for (let second = 1; second <= seconds; second++) {
    turn(1)
    tally.add(count / seconds)
    tally.rate()
  }
  return tally
}

describe('progress text', () => {
  it('writes amounts and times for people', () => {
    for (const [bytes, text] of [
      [0, '0 B'],
      [1023, '1023 B'],
      [1024, '1.0 KiB'],
      [150 * 1024, '150 KiB'],
      [1.5 * MIB, '1.5 MiB'],
      [3 * 1024 ** 3, '3.0 GiB'],
      [5000 * 1024 ** 4, '5000 TiB'],
    ] as const) {
      assert.equal(formatSize(bytes), text)
    }
    for (const [seconds, text] of [
      [0, '0:00'],
      [59.9, '0:59'],
      [754, '12:34'],
      [3723, '1:02:03'],
    ] as const) {
      assert.equal(formatDuration(seconds), text)
    }
  })

  const half = () => createTally({total: 100 * MIB}, 50 * MIB, 10)

  it('fits its text into the window', () => {
    assert.equal(
      formatBar(half(), 199),
      'disk.qcow2   50%  [==================>                 ]  50.0 MiB of 100 MiB  5.0 MiB/s  0:10 left',
    )
    assert.equal(
      formatBar(half(), 79),
      'disk.qcow2   50%  [======>     ]  50.0 MiB of 100 MiB  5.0 MiB/s  0:10 left',
    )
    assert.equal(formatBar(half(), 55), 'disk.qcow2   50%  50.0 MiB  5.0 MiB/s  0:10 left')
    assert.equal(formatBar(half(), 39), 'disk.qcow2   50%  50.0 MiB  0:10 left')
    assert.equal(formatBar(half(), 30), '50%  50.0 MiB  0:10 left')
  })

  it('shows bytes, rate and elapsed time of a pipe', () => {
    const pipe = createTally({}, 50 * MIB, 10)
    assert.equal(formatBar(pipe, 79), 'disk.qcow2  50.0 MiB  5.0 MiB/s  0:10')
    assert.equal(formatBar(pipe, 39), 'disk.qcow2  50.0 MiB  0:10')
  })

  it('shows the total at the end', () => {
    assert.equal(
      formatBar(createTally({total: 100 * MIB}, 100 * MIB, 20), 79, true),
      'disk.qcow2  100%  [===============]  100 MiB of 100 MiB  5.0 MiB/s  0:20',
    )
    assert.equal(formatBar(createTally({total: 0}, 0, 1), 39, true), 'disk.qcow2  100%  0 B  0:01')
  })

  it('counts only the bytes of this run for the rate', () => {
    const {now, turn} = clock()
    const tally = new ProgressCounter({name: 'x', unit: 'bytes', total: 100, initial: 60}, now)
    turn(2)
    tally.add(20)
    assert.deepEqual([tally.percent, tally.rate(), tally.remaining()], [80, 10, 2])
  })

  it('forgets earlier rates', () => {
    const {now, turn} = clock()
    const tally = new ProgressCounter({name: 'x', unit: 'bytes', total: 1000}, now)
    for (let second = 0; second < 20; second++) {
      turn(1)
      tally.add(second < 10 ? 50 : 1)
      tally.rate()
    }
    assert.equal(tally.rate(), 1)
  })

  it('is never wider than the window, whatever the name', () => {
    const name = fc.string({unit: 'grapheme', maxLength: 100})
    fc.assert(
      fc.property(
        name,
        fc.nat(250),
        fc.option(fc.nat(2 ** 40)),
        fc.nat(2 ** 40),
        (name, columns, total, count) => {
          const line = formatBar(createTally({name, total: total ?? undefined}, count, 3), columns)
          assert.ok(line.length <= columns, line)
          assert.doesNotMatch(line, /[\x00-\x1f\x7f]/)
        },
      ),
    )
  })

  it('counts wide characters as two columns', () => {
    const line = formatBar(createTally({name: '統計'.repeat(40), total: 10 * MIB}, 5 * MIB, 5), 79)
    assert.match(line, /^[統計]{1,20}\.\.\. {3}50%/)
  })
})

describe('progress bar', () => {
  for (const columns of [1, 20, 40, 80, 200]) {
    it(`stays in its line in a window of ${columns} columns, and clears it`, async () => {
      const screen = new FakeTerminal(columns)
      const {now, turn} = clock()
      const bar = new ProgressBar(screen, now)
      bar.start({
        name: `a name with a \x1b[31mcolour, and rather long at that`,
        total: 10 * MIB,
        unit: 'bytes',
      })
      turn(1)
      bar.advance(5 * MIB)
      bar.hide()
      assert.equal(screen.lines.length, 1)
      bar.fail()
      assert.deepEqual([screen.hasWrapped, screen.lines.length], [false, 2])
      assert.doesNotMatch(screen.written, /\x1b(?!\[K)/)
    })
  }

  it('leaves room for the ^C of the terminal', async () => {
    const screen = new FakeTerminal(40)
    const bar = new ProgressBar(screen, clock().now)
    bar.start({name: 'a name that is much too long for it', total: 10 * MIB, unit: 'bytes'})
    await screen.write('^C')
    bar.fail()
    assert.deepEqual([screen.hasWrapped, screen.lines.length], [false, 2])
    assert.doesNotMatch(screen.lines[0] ?? '', /\^/)
  })

  it('shows its final state once', () => {
    const screen = new FakeTerminal(80)
    const {now, turn} = clock()
    const bar = new ProgressBar(screen, now)
    bar.start({name: 'disk', total: 10 * MIB, unit: 'bytes'})
    turn(2)
    bar.advance(10 * MIB)
    bar.complete()
    bar.complete()
    bar.fail()
    bar.hide()
    assert.deepEqual(screen.lines, ['disk  100%  [=============]  10.0 MiB of 10.0 MiB  5.0 MiB/s  0:02', ''])
  })

  it('adapts to a window that becomes narrower', () => {
    const screen = new FakeTerminal(120)
    const bar = new ProgressBar(screen)
    bar.start({name: 'x'.repeat(100), total: 10, unit: 'bytes'})
    screen.columns = 30
    screen.lines = ['']
    bar.fail()
    assert.ok((screen.lines[0] ?? '').length < 30)
  })
})

describe('progress in lines', () => {
  const work = {name: 'disk\n', total: 4 * MIB, unit: 'bytes'} as const

  /** Collects the lines for a task of two seconds that reports after one. */
  async function collectLines(
    make: (screen: FakeTerminal, now: () => number) => Progress,
  ): Promise<string[]> {
    const screen = new FakeTerminal(80)
    const {now, turn} = clock()
    const progress = make(screen, now)
    progress.start(work)
    turn(1)
    progress.advance(MIB)
    while (screen.lines.filter(line => /25%|progress/.test(line)).length === 0)
      await new Promise(setImmediate)
    turn(1)
    progress.advance(3 * MIB)
    progress.complete()
    return screen.lines
  }

  it('has lines for people', async () => {
    assert.deepEqual(await collectLines((screen, now) => new ProgressLines(screen, 0.01, now)), [
      'disk\\x0a: 25%, 1.0 MiB of 4.0 MiB, 1.0 MiB/s, 0:03 left',
      'disk\\x0a: done, 4.0 MiB of 4.0 MiB, 2.0 MiB/s, 0:02 elapsed',
      '',
    ])
  })

  it('has events for programs', async () => {
    assert.deepEqual(await collectLines((screen, now) => new ProgressEvents(screen, 0.01, now)), [
      '{"event":"start","name":"disk\\n","bytes":0,"total":4194304,"rate":0,"elapsed":0,"remaining":null}',
      '{"event":"progress","name":"disk\\n","bytes":1048576,"total":4194304,"rate":1048576,"elapsed":1,"remaining":3}',
      '{"event":"done","name":"disk\\n","bytes":4194304,"total":4194304,"rate":2097152,"elapsed":2,"remaining":null}',
      '',
    ])
  })

  it('counts images by number', () => {
    const screen = new FakeTerminal(80)
    const events = new ProgressEvents(screen, 100, () => 0)
    events.start({name: 'Deleting', unit: 'images'})
    events.advance(2)
    events.fail()
    assert.equal(
      screen.lines[1],
      '{"event":"failed","name":"Deleting","images":2,"total":null,"rate":0,"elapsed":0,"remaining":null}',
    )
  })
})

describe('the choice of progress', () => {
  const io = (isTerminal: boolean, TERM = 'xterm') =>
    ({stderr: {isTerminal, columns: 80, write: async () => {}}, env: {TERM}}) as unknown as Io

  it('is a bar in a terminal, nothing elsewhere, unless flags decide', async () => {
    for (const [flags, world, kind] of [
      [{}, io(true), ProgressBar],
      [{}, io(false), undefined],
      [{}, io(true, 'dumb'), undefined],
      [{progress: 'bar'}, io(true, 'dumb'), ProgressBar],
      [{progress: 'bar'}, io(false), undefined],
      [{progress: 'lines'}, io(false), ProgressLines],
      [{progress: 'json'}, io(true), ProgressEvents],
      [{progress: 'json', 'no-progress': true}, io(true), undefined],
      [{'silent-upload': true}, io(true), undefined],
    ] as const) {
      const progress = await chooseProgress(flags, world)
      if (kind === undefined) assert.equal(progress, NO_PROGRESS)
      else assert.ok(progress instanceof kind)
    }
  })
})

describe('data with progress', () => {
  function recordProgress() {
    const events: unknown[] = []
    const progress: Progress = {
      start: ({name, total}) => void events.push(['start', name, total]),
      advance: count => void events.push(count),
      complete: () => void events.push('done'),
      fail: () => void events.push('fail'),
      hide: () => {},
    }
    return {events, progress}
  }

  const createData = (open: () => Readable, size?: number) => ({size, repeatable: true, open})

  it('is one task, which starts over when it is opened again', async () => {
    const {events, progress} = recordProgress()
    const data = createData(() => Readable.from([Buffer.from('ab'), Buffer.from('c')]), 3)
    const sent = await sendWithProgress(data, progress, 'x', async data => {
      assert.deepEqual(events, [])
      for (const _ of [1, 2]) assert.equal(String(await buffer(data.open())), 'abc')
      return 'sent'
    })
    assert.equal(sent, 'sent')
    assert.deepEqual(events, [['start', 'x', 3], 2, 1, -3, 2, 1, 'done'])
  })

  it('passes on errors, and closes the source', async () => {
    const {events, progress} = recordProgress()
    const broken = new Readable({read() {}})
    const sent = sendWithProgress(
      createData(() => broken),
      progress,
      'x',
      ({open}) => buffer(open()),
    )
    broken.destroy(new Error('the disk broke'))
    await assert.rejects(sent, /the disk broke/)
    assert.deepEqual(events, [['start', 'x', undefined]])
    const source = new Readable({read() {}})
    const closed = new Promise(resolve => source.once('close', resolve))
    await sendWithProgress(
      createData(() => source),
      progress,
      'x',
      async ({open}) => open().destroy(),
    )
    await closed
  })

  it('is unchanged without progress', async () => {
    const data = createData(() => Readable.from([]))
    assert.equal(await sendWithProgress(data, NO_PROGRESS, 'x', async data => data), data)
  })
})
