/** What a process sees as its standard input and as an interruption, without the rest of the tool. */
import assert from 'node:assert/strict'
import {type ChildProcess, spawn} from 'node:child_process'
import {once} from 'node:events'
import {writeFile} from 'node:fs/promises'
import path from 'node:path'
import {text} from 'node:stream/consumers'
import {fileURLToPath} from 'node:url'
import {useTempDir} from '../../support/temp-dir.js'

const toPath = (name: string) => fileURLToPath(new URL(`./children/${name}.js`, import.meta.url))
const [PRINT_STDIN, WAIT_FOR_SIGNAL] = [toPath('print-stdin'), toPath('wait-for-signal')]

describe('standard input as a process sees it', () => {
  const folder = useTempDir()

  function start(line: string, stdin: 'ignore' | 'pipe'): ChildProcess {
    const script = `see() { "${process.execPath}" "${PRINT_STDIN}"; }; cd ${folder()}; ${line}`
    return spawn('bash', ['-c', script], {stdio: [stdin, 'pipe', 'inherit']})
  }

  for (const [line, ...expected] of [
    ['see < ten', 'file 10 true', '0123456789'],
    ['{ dd bs=1 count=4 of=/dev/null status=none; see; cat; } < ten', 'file 6 false', '456789', '456789'],
    ['{ see; cat; } < ten', 'file 10 true', '0123456789', '0123456789'],
    ['see < empty', 'file 0 false', ''],
    ['cat ten | see', 'pipe undefined false', '0123456789'],
    ['see < <(cat ten)', 'pipe undefined false', '0123456789'],
    ['true | see', 'pipe undefined false', ''],
    ['see', 'nothing undefined false'],
    ['see <&-', 'nothing undefined false'],
  ] as const) {
    it(line, async () => {
      await writeFile(path.join(folder(), 'ten'), '0123456789')
      await writeFile(path.join(folder(), 'empty'), '')
      const {stdout} = start(line, 'ignore')
      const lines = (await text(stdout ?? assert.fail())).replace(/\n$/, '').split('\n')
      assert.deepEqual(lines, expected)
    })
  }

  it('waits for the first byte of a pipe', async () => {
    const {stdin, stdout} = start('see', 'pipe')
    const [first] = await once(stdout ?? assert.fail(), 'data')
    assert.equal(String(first), 'pipe undefined false\n')
    stdin?.end('0123456789')
    assert.equal(await text(stdout ?? assert.fail()), '0123456789\n')
  })
})

describe('an interruption as a process sees it', () => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    it(signal, async () => {
      const child = spawn(process.execPath, [WAIT_FOR_SIGNAL], {stdio: ['ignore', 'pipe', 'inherit']})
      await once(child.stdout, 'data')
      child.kill(signal)
      assert.equal(await text(child.stdout), `interrupted by ${signal}\n`)
    })
  }
})
