/**
 * Runs sessions of Debian's clients with our service and with a real one, and prints where their output differs.
 * `node dist/test/cloud/compare-sessions.js [--show] [NAME...]`; ends with 1 when a difference is new. `--show` prints each
 * command with its output with both services. NAME is `openstack`, `glance`, `openstack-users` or `glance-users`. The real ones
 * are those of `clouds.ts`, ours uses their Keystone, `POSTGRES_URL` and `SWIFT_URL`.
 */
import {execFile} from 'node:child_process'
import {randomUUID} from 'node:crypto'
import {access, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {isDeepStrictEqual} from 'node:util'
import {serve} from '../support/http/serve.js'
import {KEYSTONE_URL} from './clouds.js'
import {startOwnServices} from './own-services.js'
import {answerAsSource, openSides, type Side, sharedSides} from './session-sides.js'
import {ACCEPTED, GLANCE, OPENSTACK} from './sessions.js'
import {GLANCE_USERS, OPENSTACK_USERS} from './user-sessions.js'

/** The sessions, in their order. */
const NAMES = ['openstack', 'glance', 'openstack-users', 'glance-users']

interface Session {
  readonly program: 'openstack' | 'glance'
  readonly lines: readonly string[]
  /** Ours and the real one. */
  readonly sides: readonly Side[]
}

/** The outcome of a command. */
interface Outcome {
  readonly code: number
  readonly lines: readonly string[]
  readonly saved: string | undefined
}

interface Verdict {
  readonly isSame: boolean
  readonly isNew: boolean
}

async function main(show: boolean, names: readonly string[]): Promise<number> {
  const folder = await mkdtemp(path.join(tmpdir(), 'glance-debian-'))
  const own = await startOwnServices(KEYSTONE_URL)
  const source = await serve(answerAsSource)
  try {
    const open = openSides(own, source.url)
    const shared = await sharedSides(own, source.url, folder)
    const sessions: readonly Session[] = [
      {program: 'openstack', lines: OPENSTACK, sides: open},
      {program: 'glance', lines: GLANCE, sides: open},
      {program: 'openstack', lines: OPENSTACK_USERS, sides: shared},
      {program: 'glance', lines: GLANCE_USERS, sides: shared},
    ]
    const verdicts: Verdict[] = []
    for (const [n, session] of sessions.entries()) {
      if (names.length > 0 && !names.includes(NAMES[n] ?? '')) continue
      await requireProgram(session.program)
      verdicts.push(...(await play(session, folder, show)))
    }
    const [same, unknown] = [
      verdicts.filter(one => one.isSame).length,
      verdicts.filter(one => one.isNew).length,
    ]
    const accepted = verdicts.length - same - unknown
    console.log(`${verdicts.length} commands: ${same} the same, ${accepted} accepted, ${unknown} different`)
    return unknown === 0 ? 0 : 1
  } finally {
    await Promise.all([own.close(), source.close()])
    await rm(folder, {recursive: true})
  }
}

async function requireProgram(program: string): Promise<void> {
  await access(`/usr/bin/${program}`).catch(() => {
    throw new Error(`there is no /usr/bin/${program}; Debian has it in python3-${program}client`)
  })
}

async function play({program, lines, sides}: Session, folder: string, show: boolean): Promise<Verdict[]> {
  const [tag, ids] = [`t${randomUUID().slice(0, 8)}`, Array.from({length: 10}, () => randomUUID())]
  const homes = sides.map(() => path.join(folder, randomUUID()))
  for (const home of homes) await writeFile(`${home}.data`, 'abc')
  const verdicts: Verdict[] = []
  for (const line of lines) {
    const left = await Promise.all(
      sides.map((side, n) => runUntilSettled(program, line, {...side, home: homes[n] ?? '', tag, ids})),
    )
    const {text, ...verdict} = judge(`${program} ${line}`, left as [Outcome, Outcome])
    if (show || verdict.isNew) console.log(text)
    verdicts.push(verdict)
  }
  return verdicts
}

function judge(line: string, [ours, theirs]: readonly [Outcome, Outcome]): Verdict & {readonly text: string} {
  const accepted = ACCEPTED.find(({of}) => of.test(line))
  const isSame = isDeepStrictEqual(ours, theirs)
  const isNew = !isSame && accepted === undefined
  const lines = isSame
    ? formatOutcome('', ours)
    : [...formatOutcome('embedded', ours), ...formatOutcome('real', theirs)]
  const why = isSame || accepted === undefined ? [] : [`(${accepted.why})`]
  return {text: [`$ ${line}`, ...lines, ...why, ''].join('\n'), isSame, isNew}
}

function formatOutcome(who: string, {code, lines, saved}: Outcome): string[] {
  const end = `[exit ${code}${saved === undefined ? '' : `, saved ${saved}`}]`
  return [...lines, end].map(line => `${who.padEnd(8)} | ${line}`)
}

/** A service in the course of a session. */
interface Stage extends Side {
  /** The first bytes of the files. */
  readonly home: string
  readonly tag: string
  readonly ids: readonly string[]
}

/** Repeats a line that begins with `~` while the image is on its way. */
async function runUntilSettled(program: Session['program'], line: string, stage: Stage): Promise<Outcome> {
  if (!line.startsWith('~')) return runCommand(program, line, stage)
  for (let n = 0; ; n++) {
    const outcome = await runCommand(program, line.slice(1), stage)
    const isSettled = outcome.lines.some(text => /\| status +\| (active|queued)/.test(text))
    if (isSettled || n === 20) return outcome
  }
}

function runCommand(program: Session['program'], line: string, stage: Stage): Promise<Outcome> {
  const [first = ''] = line.split(' ')
  const user = stage.tokens && first
  const words = fillPlaceholders(user === undefined ? line : line.slice(first.length), stage)
  // Python reads an open input as the image, and fails with a closed one.
  const input = program === 'glance' ? '0<&-' : '</dev/null'
  const args = ['-c', `exec "$@" ${input}`, 'sh', `/usr/bin/${program}`]
  // A home for each service, since the clients cache there; the hash seed fixes the order of some output.
  const env = {
    ...{PATH: '/usr/bin:/bin', HOME: `${stage.home}.d`, LANG: 'C.UTF-8', PYTHONHASHSEED: '0'},
    ...(stage.clouds && {OS_CLIENT_CONFIG_FILE: stage.clouds}),
  }
  return new Promise(resolve => {
    execFile(
      '/bin/sh',
      [...args, ...connectionArgs(program, stage, user), ...words],
      {env},
      async (error, out, err) => {
        const saved = await readFile(`${stage.home}.out`, 'utf8').catch(() => undefined)
        await rm(`${stage.home}.out`, {force: true})
        await rm(env.HOME, {recursive: true, force: true})
        resolve({
          code: typeof error?.code === 'number' ? error.code : 0,
          lines: normalize(out + err, stage),
          saved,
        })
      },
    )
  })
}

/** Without users there is no Identity service; the second client's own `--os-auth-type none` fails. */
function connectionArgs(program: Session['program'], {url, tokens}: Side, user?: string): string[] {
  if (program === 'glance') {
    return ['--os-image-url', url, '--os-auth-token', user === undefined ? 'any' : (tokens?.[user] ?? '')]
  }
  return user === undefined ? ['--os-auth-type', 'none', '--os-endpoint', url] : ['--os-cloud', user]
}

/** Splits a line into arguments, with quotes. */
function fillPlaceholders(line: string, {home, tag, ids, beta, source}: Stage): string[] {
  const text = line
    .replaceAll(/#(\d)/g, (_, n: string) => ids[Number(n)] ?? '')
    .replaceAll('{TAG}', tag)
    .replaceAll('{BETA}', beta)
    .replaceAll('{SOURCE}', source)
    .replaceAll('{DATA}', `${home}.data`)
    .replaceAll('{OUT}', `${home}.out`)
  return (text.match(/"[^"]*"|\S+/g) ?? []).map(word => word.replaceAll('"', ''))
}

/** Where data is; without users our service has several stores, and the real one does not. */
const PLACES = /^\W*(locations|direct_url)\W/
const PLACES_AND_STORES = /^\W*(stores|locations|direct_url)\W/

/**
 * Replaces what always differs between services: addresses, times, ids of requests and projects; and makes columns as narrow as can
 * be. The attributes of JSON documents, the properties in a cell, and tags have no order.
 */
function normalize(text: string, {url, home, beta, tokens}: Stage): string[] {
  const places = tokens === undefined ? PLACES_AND_STORES : PLACES
  const plain = text
    .replaceAll(url, '<service>')
    .replaceAll(home, '<home>')
    .replaceAll(/(?:swift|file):\/\/[^\s'"|]+/g, '<location>')
    .replaceAll(beta, '<beta>')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?/g, '<time>')
    .replaceAll(/req-[0-9a-f-]{36}/g, '<request>')
    .replaceAll(/((?:owner|os_glance_import_task) +\| )[^|]*/g, '$1<id> ')
    .replaceAll(/(properties +\| )([^|]*)/g, (_, cell: string, list: string) => cell + sortList(list, places))
    .replaceAll(/\['[^\]]*'\]/g, tags => `[${tags.slice(1, -1).split(', ').sort().join(', ')}]`)
    .replaceAll(/ +/g, ' ')
    .replaceAll(/-{3,}/g, '---')
  const lines = dropLocations(plain.split('\n').filter(Boolean), places)
  return plain.startsWith('{') ? lines.map(line => line.replace(/,$/, '')).sort() : lines
}

function sortList(list: string, places: RegExp): string {
  const properties = list.trim().split(', ')
  return properties
    .filter(property => !places.test(property))
    .sort()
    .join(', ')
}

/** A cell continues in rows without a name. */
function dropLocations(lines: readonly string[], places: RegExp): string[] {
  let isPlace = false
  return lines.filter(line => {
    isPlace = places.test(line) || (isPlace && /^\| \|/.test(line))
    return !isPlace
  })
}

process.exitCode = await main(
  process.argv.includes('--show'),
  process.argv.slice(2).filter(word => !word.startsWith('-')),
)
