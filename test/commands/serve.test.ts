/** `glance serve` on a terminal, in a pipe and with a log file: what it prints, and where. */
import assert from 'node:assert/strict'
import {readFile} from 'node:fs/promises'
import {join} from 'node:path'
import {main} from '../../src/main.js'
import {createInterrupt} from '../support/command-line.js'
import {fakeIo, glance, type RunResult, type World} from '../support/fake-io.js'
import {useTempDir} from '../support/temp-dir.js'

describe('glance serve', () => {
  const folder = useTempDir()

  /** Runs a service, sends it one request, and interrupts it. */
  async function serveOnce(flags: readonly string[], world: World = {}): Promise<RunResult> {
    const {signal, interrupt} = createInterrupt()
    const {io, seen} = fakeIo({cwd: folder(), ...world, signal})
    let onListening: (line: string) => void = () => {}
    const listening = new Promise<string>(resolve => {
      onListening = resolve
    })
    const write = async (data: string | Uint8Array) => {
      onListening(String(data))
      await io.stdout.write(data)
    }
    const argv = ['serve', '--port', '0', '--data-dir', 'data', ...flags]
    const ended = main(argv, {...io, stdout: {...io.stdout, write}})
    const line = await Promise.race([listening, ended])
    if (typeof line === 'number') return {code: line, ...seen()}
    await (await fetch(`${line.replace('Listening on ', '').trim()}/v2/images`)).arrayBuffer()
    interrupt()
    return {code: await ended, ...seen()}
  }

  const LISTENING = 'INFO [glance] listening on http://HOST'
  const END = ['INFO [glance] stopping: finishing the requests in progress', 'INFO [glance] stopped']
  const REQUEST = 'INFO [req-ID] 127.0.0.1 - - "GET /v2/images HTTP/1.1" 200 N Nms'

  /** The lines without what differs between runs; a line without a time keeps an exclamation mark. */
  function normalise(text: string): readonly string[] {
    return text
      .replaceAll(folder(), 'FOLDER')
      .replaceAll(/^(?!\d{4}-\d\d-\d\d \d\d:\d\d:\d\d )/gm, '!')
      .replaceAll(/^[-\d]+ [:\d]+ +/gm, '')
      .replaceAll(/req-[-0-9a-f]{36}/g, 'req-ID')
      .replaceAll(/127\.0\.0\.1:\d+/g, 'HOST')
      .replaceAll(/ \d+ \d+ms/g, ' N Nms')
      .split('\n')
      .slice(0, -1)
  }

  it('logs no requests on a terminal', async () => {
    const {code, stdout, stderr} = await serveOnce([], {terminal: true})
    assert.deepEqual([code, normalise(stderr)], [0, END])
    assert.match(stdout, /^Listening on http:\/\/127\.0\.0\.1:\d+\n$/)
  })

  it('logs requests on a terminal with --verbose', async () => {
    const {code, stderr} = await serveOnce(['--verbose'], {terminal: true})
    assert.deepEqual([code, normalise(stderr)], [0, [LISTENING, REQUEST, ...END]])
  })

  it('logs requests in a pipe', async () => {
    const {code, stderr} = await serveOnce([])
    assert.deepEqual([code, normalise(stderr)], [0, [LISTENING, REQUEST, ...END]])
  })

  it('logs steps of the request with --debug', async () => {
    const {code, stderr} = await serveOnce(['--debug'])
    assert.equal(code, 0)
    const lines = normalise(stderr)
    assert.ok(lines.includes(`DEBUG [glance] ${'debug'.padEnd(30)} true`))
    assert.ok(
      lines.some(line =>
        /^DEBUG \[req-ID\] registry done in [\d.]+ms: select .* from "images" where/.test(line),
      ),
    )
    assert.ok(lines.includes(REQUEST))
  })

  it('logs into a file, and warnings on standard error too', async () => {
    const {code, stderr} = await serveOnce(['--log-file', 'service.log'])
    assert.deepEqual([code, normalise(stderr)], [0, END])
    const log = await readFile(join(folder(), 'service.log'), 'utf8')
    assert.deepEqual(normalise(log), [LISTENING, REQUEST, ...END])
  })

  it('escapes control characters in a log file', async () => {
    const {code} = await serveOnce(['--debug', '--log-file', 'a\x1b[31m.log'])
    assert.equal(code, 0)
    const log = await readFile(join(folder(), 'a\x1b[31m.log'), 'utf8')
    assert.ok(normalise(log).includes(`DEBUG [glance] ${'log_file'.padEnd(30)} FOLDER/a\\x1b[31m.log`), log)
  })

  const refused: readonly (readonly [string, string])[] = [
    ['none/service.log', 'cannot open the log file FOLDER/none/service.log'],
    ['data/service.log', 'cannot use FOLDER/data/service.log as the log file'],
    ['-', "invalid --log-file '-': expected the path of a file"],
    ['', 'the value of --log-file is empty'],
  ]
  for (const [name, message] of refused) {
    it(`does not start with the log file '${name}'`, async () => {
      const argv = ['serve', '--port', '0', '--data-dir', 'data', '--log-file', name]
      const {code, stdout, stderr} = await glance(argv, {cwd: folder()})
      assert.deepEqual([code, stdout], [2, ''])
      assert.equal(stderr.split('\n')[0]?.replaceAll(folder(), 'FOLDER'), `glance: ${message}`)
    })
  }
})
