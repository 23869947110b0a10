/** Runs the command lines of a session against an embedded service, and records what a terminal would show. */
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import chalk from 'chalk'
import type {Io, Output, Question} from '../../src/lib/io/io.js'
import {main} from '../../src/main.js'
import {fakeIo, type World} from '../../test/support/fake-io.js'

/** Lines that are typed one after another. */
export interface Session {
  /** Name of the picture's file. */
  readonly name: string
  readonly title: string
  /** Lines that are run before and not shown. */
  readonly before?: readonly string[]
  /** `glance WORDS [< FILE] [| [xargs] glance WORDS]...`; a line that begins with # is a comment. */
  readonly lines: readonly string[]
  /** What is typed at the questions, in turn. */
  readonly answers?: readonly boolean[]
}

export const COLUMNS = 100

/** The ids that images get, in ascending order, so that a list is in the same order in each run. */
const IDS = [
  '1c9e41c4-5f0a-4f0c-9a55-0f0ad5bd3f10',
  '2f1c3a5e-6d0b-4c58-9d8a-8a4c3f0f1b2a',
  '5b7d2a90-14e3-4c6f-8a21-b3f0c9d7e642',
  '8e40f6d1-7c25-4b9a-91be-2d6a5f83c017',
  'b3a1905c-e2f4-4d37-a68c-71e9d04bf52d',
]

const FILES = {'hello.img': Buffer.alloc(4_194_304), 'disk.raw': Buffer.from('a disk image')}

/** Runs a session. @returns the text that the terminal got, with fixed ids, times, rates and addresses */
export async function record(session: Session): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'glance-session-'))
  const level = chalk.level
  chalk.level = 1
  const service = await startService(folder)
  try {
    for (const [name, data] of Object.entries(FILES)) await writeFile(path.join(folder, name), data)
    const terminal = new Recorder(session, folder, service.url)
    await terminal.run()
    return normalize(terminal.text, service.url)
  } finally {
    chalk.level = level
    await service.stop()
    await rm(folder, {recursive: true})
  }
}

/** Runs `glance serve` on a free port. */
async function startService(folder: string): Promise<{url: string; stop(): Promise<unknown>}> {
  const controller = new AbortController()
  let ended: Promise<number> | undefined
  const url = await new Promise<string>((resolve, reject) => {
    const stdout = {
      ...createOutput(text => resolve(text.trim().replace('Listening on ', ''))),
      isTerminal: false,
    }
    const {io, seen} = fakeIo({signal: controller.signal})
    ended = main(['serve', '--port', '0', '--data-dir', path.join(folder, 'data')], {...io, stdout})
    void ended.then(() => reject(new Error(seen().stderr)), reject)
  })
  const stop = () => {
    controller.abort()
    return ended ?? Promise.resolve()
  }
  return {url, stop}
}

function createOutput(onWrite: (text: string) => void): Output {
  return {isTerminal: true, columns: COLUMNS, write: async data => onWrite(data.toString())}
}

/** One terminal, in which the lines of a session are typed. */
class Recorder {
  text = ''
  #added = 0
  readonly #answers: boolean[]

  constructor(
    readonly session: Session,
    readonly folder: string,
    readonly url: string,
  ) {
    this.#answers = [...(session.answers ?? [])]
  }

  async run(): Promise<void> {
    for (const line of this.session.before ?? []) await this.#runLine(line)
    this.text = ''
    for (const [index, line] of this.session.lines.entries()) {
      if (index > 0) this.text += '\n'
      this.text += typed(line)
      if (!line.startsWith('#')) await this.#runLine(line)
    }
  }

  /** Runs the commands of a line; all but the last write to a pipe. */
  async #runLine(line: string): Promise<void> {
    const commands = line.replaceAll(' \\\n', '').split(' | ')
    let piped: string | undefined
    for (const [index, command] of commands.entries()) {
      const isLast = index === commands.length - 1
      let output = ''
      const pipe = {...createOutput(text => (output += text)), isTerminal: false, columns: undefined}
      await this.#runCommand(command, piped, isLast ? undefined : pipe)
      piped = output
    }
  }

  async #runCommand(command: string, piped: string | undefined, pipe: Output | undefined): Promise<void> {
    const [, xargs, words = '', file] = /^(xargs )?glance (.*?)(?: < (\S+))?$/s.exec(command) ?? []
    const argv = splitWords(words)
    if (xargs !== undefined) argv.push(...(piped ?? '').split('\n').filter(Boolean))
    if (argv[0] === 'add') argv.push(`id=${IDS[this.#added++]}`)
    const io = this.#createIo(await this.#openInput(file, xargs === undefined ? piped : undefined), pipe)
    await main(argv, io)
  }

  async #openInput(file: string | undefined, piped: string | undefined): Promise<World> {
    if (file !== undefined) return {stdin: await readFile(path.join(this.folder, file)), kind: 'file'}
    return piped === undefined ? {terminal: true} : {stdin: piped, kind: 'pipe'}
  }

  #createIo(world: World, pipe: Output | undefined): Io {
    const terminal = createOutput(text => (this.text += text))
    const env = {OS_IMAGE_URL: this.url, TERM: 'xterm-256color', LANG: 'C.UTF-8'}
    const {io} = fakeIo({...world, cwd: this.folder, env})
    return {...io, stdout: pipe ?? terminal, stderr: terminal, ask: question => this.#answer(question)}
  }

  async #answer({text, default: isYes}: Question): Promise<boolean> {
    const answer = this.#answers.shift() ?? isYes
    this.text += `${text} ${isYes ? '[Y/n]' : '[y/N]'} ${answer ? 'y' : 'n'}\n`
    return answer
  }
}

/** The line as it is typed: after a prompt, in bold; a comment is dim. */
function typed(line: string): string {
  const shown = line.startsWith('#') ? chalk.dim(line) : chalk.bold(line)
  return `${chalk.green('$')} ${shown}\n`
}

function splitWords(text: string): string[] {
  const words = text.match(/(?:'[^']*'|"[^"]*"|[^\s'"])+/g) ?? []
  return words.map(word => word.replaceAll(/['"]/g, ''))
}

function normalize(text: string, url: string): string {
  return text
    .replaceAll(url, 'http://127.0.0.1:9292')
    .replaceAll(/\breq-[-0-9a-f]{36}/g, 'req-4b1d7c52-4f0e-4a34-93a1-5f6d1e0c7a11')
    .replaceAll(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, '2026-11-29T12:00:00Z')
    .replaceAll(
      /\[=*>? *\]( {2}[^\r\n]*?) {2}[\d.]+ \w+\/s {2}\d+:\d\d/g,
      `[${'='.repeat(24)}]$1  96.0 MiB/s  0:00`,
    )
}
