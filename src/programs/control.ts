/** The program `glance-control`, which starts the servers in the background, and controls those that it started. */
import {join} from 'node:path'
import type {Display} from '../lib/cli/display.js'
import {runReported} from '../lib/cli/programs/report.js'
import {readVersion} from '../lib/cli/version.js'
import type {Io} from '../lib/io/io.js'
import {resolvePath} from '../lib/io/paths.js'
import {didYouMean} from '../lib/model/did-you-mean.js'
import {EXIT_CODES, usageError} from '../lib/model/errors.js'
import {findConfigFile} from './config-search.js'
import {ACTIONS, type ServerPlan} from './control-actions.js'

/** The help of the program. */
export const HELP = `Usage: glance-control SERVER ACTION [CONFPATH] [options]

Start servers in the background, and control those that were started so.

Servers:
  api        glance-api
  registry   glance-registry
  all        Both

Actions:
  start      Start it, and wait until it listens
  stop       Let it finish its requests, and wait until it has ended
  restart    Replace it by a new process without refusing a connection; stop
             and start it if CONFPATH or options are others than before
  reload     Let it read its settings again
  status     Tell whether it runs; exit code 0 if it does, 3 if not

CONFPATH is the configuration file; without it, glance-api.conf or
glance-registry.conf is searched as the servers do. Further options are those
of the server.

Options:
      --pid-file FILE   File with the process id [default: SERVER.pid in
                        /var/run/glance, or in $XDG_RUNTIME_DIR/glance or
                        ~/.local/state/glance for other users than root]
      --wait SECONDS    Time to wait for a start or a stop [default: 60]
  -h, --help            Show this help
      --version         Show the version

Examples:
  glance-control api start /etc/glance/glance-api.conf
  glance-control all status
`

const ADVICE = {advice: 'Run glance-control --help.'}

/** The servers in the order in which they stop. */
const SERVERS = ['api', 'registry'] as const

const DEFAULT_WAIT = '60'

/** Places that differ between installations and tests. */
interface Places {
  /** Folder of the scripts of the servers. */
  readonly scripts: string
  /** In place of `/`: below it are configuration and pid files. */
  readonly root?: string
}

/**
 * Runs `glance-control` with these arguments.
 * @returns the exit code, as of `glance`, and 3 for the status of a server that does not run
 */
export function control(argv: readonly string[], io: Io, places: Places): Promise<number> {
  return runReported('glance-control', io, display => run(argv, io, display, places))
}

/** @returns the largest exit code of the servers */
async function run(argv: readonly string[], io: Io, display: Display, places: Places): Promise<number> {
  const {words, options} = parse(argv)
  if (options.has('help') || options.has('version')) {
    await display.text(options.has('help') ? HELP : `glance-control ${readVersion()}\n`)
    return 0
  }
  if (words.length === 0) {
    for (const line of HELP.trimEnd().split('\n')) await display.log(line)
    return EXIT_CODES.usage
  }
  if (io.platform === 'win32') throw usageError('cannot control servers on Windows, which has no signals')
  const [server = '', name = '', ...rest] = words
  const chosen = choose('server', server, [...SERVERS, 'all'])
  const action = choose('action', name, Object.keys(ACTIONS) as (keyof typeof ACTIONS)[])
  const kinds = chosen === 'all' ? SERVERS : [chosen]
  requireOne(kinds, rest, options)
  const codes: number[] = []
  // API servers need the registry server.
  for (const kind of action === 'start' ? kinds.toReversed() : kinds) {
    const act = async (own: Display) =>
      ACTIONS[action](await planServer(`glance-${kind}`, {rest, options, io, ...places}), own)
    codes.push(await runReported(`glance-${kind}`, io, act))
  }
  return Math.max(...codes)
}

interface CommandLine {
  /** Server, action, configuration file, and options of the server. */
  readonly words: readonly string[]
  /** Own options. */
  readonly options: ReadonlyMap<string, string>
}

function parse(argv: readonly string[]): CommandLine {
  const words: string[] = []
  const options = new Map<string, string>()
  const rest = [...argv]
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const [, name = '', value] =
      /^--(pid[-_]file|config[-_]file|wait|help|version)(?:=(.*))?$/s.exec(arg) ?? []
    if (arg === '-h' || name === 'help' || name === 'version') options.set(name || 'help', '')
    else if (name === '') words.push(arg)
    else options.set(name.replace('_', '-'), requireValue(name, value ?? rest.shift()))
  }
  return {words, options}
}

function requireValue(name: string, value: string | undefined): string {
  if (value) return value
  throw usageError(`option '--${name}' requires a value`, ADVICE)
}

/** Files and options of one server cannot be those of both. */
function requireOne(
  kinds: readonly string[],
  rest: readonly string[],
  options: CommandLine['options'],
): void {
  if (kinds.length === 1 || (rest.length === 0 && !options.has('pid-file') && !options.has('config-file')))
    return
  throw usageError('all takes no CONFPATH and no options of servers', {
    why: 'the servers have files of their own',
    advice: 'Control each server by its name.',
  })
}

function choose<const Word extends string>(what: string, word: string, known: readonly Word[]): Word {
  const found = known.find(one => one === word)
  if (found !== undefined) return found
  if (word === '') throw usageError(`no ${what} is given: expected ${known.join(', ')}`, ADVICE)
  throw usageError(
    `unknown ${what} '${word}'.${didYouMean(word, known) || ` Known: ${known.join(', ')}.`}`,
    ADVICE,
  )
}

type PlanParts = Places & Pick<CommandLine, 'options'> & {readonly io: Io; readonly rest: readonly string[]}

/** What is known of a server before it is looked at. */
async function planServer(
  name: string,
  {rest, options, io, scripts, root = '/'}: PlanParts,
): Promise<ServerPlan> {
  const [first] = rest
  const hasFile = first !== undefined && !first.startsWith('-')
  const file = hasFile ? first : options.get('config-file')
  const pidFile = options.get('pid-file')
  return {
    name,
    script: join(scripts, `${name}.js`),
    pidFile: pidFile ? resolvePath(pidFile, io) : join(findRunFolder(io, root), `${name}.pid`),
    configFile: file ? resolvePath(file, io) : await findConfigFile(name, io, root),
    options: hasFile ? rest.slice(1) : rest,
    isGiven: rest.length > 0 || file !== undefined,
    wait: parseWait(options.get('wait') ?? DEFAULT_WAIT),
  }
}

function parseWait(text: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text)
  throw usageError(`invalid --wait '${text}': expected a whole number of seconds`)
}

/** The folder of pid files: that of the system for root, otherwise one of the user. */
function findRunFolder({env, home, isRoot}: Io, root: string): string {
  if (isRoot) return join(root, 'var/run/glance')
  const runtime = env['XDG_RUNTIME_DIR']
  if (runtime) return join(runtime, 'glance')
  if (home !== '') return join(home, '.local/state/glance')
  throw usageError('no folder for the pid file is known', {advice: 'Give a file with --pid-file.'})
}
