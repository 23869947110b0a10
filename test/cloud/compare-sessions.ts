/**
 * Runs sessions of Debian's clients with a fresh embedded service and with a real one, and prints where their output
 * differs. `node dist/test/cloud/compare-sessions.js [--show]`; ends with 1 when a difference is new. `--show` prints each command with
 * its output with both services. The real ones are those of `clouds.ts`.
 */
import assert from 'node:assert/strict'
import {execFile} from 'node:child_process'
import {randomUUID} from 'node:crypto'
import {access, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import path from 'node:path'
import {isDeepStrictEqual} from 'node:util'
import {createToken} from '../support/embedded-targets.js'
import {startService} from '../support/test-service.js'
import {IMAGE_URL, logIn, NOAUTH_URL} from './clouds.js'
import {ACCEPTED, GLANCE, OPENSTACK, USERS} from './sessions.js'

/** A service, as the commands of a session reach it. */
interface Side {
  readonly url: string
  /** Tokens by the names of users; a user without one sends none. */
  readonly tokens: Readonly<Record<string, string>>
  /** Id of the project of beta. */
  readonly beta: string
}

interface Session {
  readonly program: 'openstack' | 'glance'
  readonly lines: readonly string[]
  readonly sides: readonly [Side, Side]
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

async function main(show: boolean): Promise<number> {
  const folder = await mkdtemp(path.join(tmpdir(), 'glance-debian-'))
  const [open, shared] = [await startService(), await startService({auth: 'fake', showLocations: true})]
  try {
    const theirs = {url: NOAUTH_URL, tokens: {}, beta: 'beta'}
    const ours = {url: open.url, tokens: {}, beta: 'beta'}
    const users = [await embeddedUsers(shared.url), await realUsers()] as const
    const sessions: Session[] = [
      {program: 'openstack', lines: OPENSTACK, sides: [ours, theirs]},
      {program: 'glance', lines: GLANCE, sides: [ours, theirs]},
      {program: 'glance', lines: USERS, sides: users},
    ]
    for (const {program} of sessions) await requireProgram(program)
    const verdicts = (await Promise.all(sessions.map(session => play(session, folder, show)))).flat()
    const [same, unknown] = [
      verdicts.filter(one => one.isSame).length,
      verdicts.filter(one => one.isNew).length,
    ]
    const accepted = verdicts.length - same - unknown
    console.log(`${verdicts.length} commands: ${same} the same, ${accepted} accepted, ${unknown} different`)
    assert.deepEqual([...open.warnings, ...shared.warnings], [])
    return unknown === 0 ? 0 : 1
  } finally {
    await Promise.all([open.close(), shared.close()])
    await rm(folder, {recursive: true})
  }
}

function embeddedUsers(url: string): Side {
  const tokens = Object.fromEntries(['alpha', 'beta', 'admin'].map(name => [name, createToken(name)]))
  return {url, tokens: {...tokens, nobody: 'nonsense'}, beta: 'beta'}
}

async function realUsers(): Promise<Side> {
  const names = ['alpha', 'beta', 'admin']
  const callers = await Promise.all(names.map(logIn))
  await Promise.all(callers.map(({api}) => api.close()))
  const tokens = Object.fromEntries(callers.map(({token}, n) => [names[n], token]))
  return {url: IMAGE_URL, tokens: {...tokens, nobody: 'nonsense'}, beta: callers[1]?.project ?? ''}
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
      sides.map((side, n) => runCommand(program, line, {...side, home: homes[n] ?? '', tag, ids})),
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

function runCommand(program: Session['program'], line: string, stage: Stage): Promise<Outcome> {
  const [first = ''] = line.split(' ')
  const token = stage.tokens[first]
  const words = fillPlaceholders(token === undefined ? line : line.slice(first.length), stage)
  // Python reads an open input as the image, and fails with a closed one.
  const input = program === 'glance' ? '0<&-' : '</dev/null'
  const args = ['-c', `exec "$@" ${input}`, 'sh', `/usr/bin/${program}`]
  // A home for each service, since the clients cache there; the hash seed fixes the order of some output.
  const env = {PATH: '/usr/bin:/bin', HOME: `${stage.home}.d`, LANG: 'C.UTF-8', PYTHONHASHSEED: '0'}
  return new Promise(resolve => {
    execFile(
      '/bin/sh',
      [...args, ...connectionArgs(program, stage.url, token), ...words],
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

/** The arguments for a service without an Identity service; the second client's own `--os-auth-type none` fails. */
function connectionArgs(program: Session['program'], url: string, token = 'any'): string[] {
  return program === 'openstack'
    ? ['--os-auth-type', 'none', '--os-endpoint', url]
    : ['--os-image-url', url, '--os-auth-token', token]
}

/** Splits a line into arguments, with quotes. */
function fillPlaceholders(line: string, {home, tag, ids, beta}: Stage): string[] {
  const text = line
    .replaceAll(/#(\d)/g, (_, n: string) => ids[Number(n)] ?? '')
    .replaceAll('{TAG}', tag)
    .replaceAll('{BETA}', beta)
    .replaceAll('{DATA}', `${home}.data`)
    .replaceAll('{OUT}', `${home}.out`)
  return (text.match(/"[^"]*"|\S+/g) ?? []).map(word => word.replaceAll('"', ''))
}

/** Drops the locations of data, which differ, and which only services with several stores print. */
const PLACES = /^\W*(stores|locations|direct_url)\W/

/**
 * Replaces what always differs between services: addresses, times, ids of requests and projects; and makes columns as narrow as can
 * be. The attributes of JSON documents, and the properties in a cell, have no order.
 */
function normalize(text: string, {url, home, beta}: Stage): string[] {
  const plain = text
    .replaceAll(url, '<service>')
    .replaceAll(home, '<home>')
    .replaceAll(beta, '<beta>')
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z?/g, '<time>')
    .replaceAll(/req-[0-9a-f-]{36}/g, '<request>')
    .replaceAll(/(owner +\| )[^|]*/g, '$1<owner> ')
    .replaceAll(/(properties +\| )([^|]*)/g, (_, cell: string, list: string) => cell + sortList(list))
    .replaceAll(/ +/g, ' ')
    .replaceAll(/-{3,}/g, '---')
  const lines = dropLocations(plain.split('\n').filter(Boolean))
  return plain.startsWith('{') ? lines.map(line => line.replace(/,$/, '')).sort() : lines
}

function sortList(list: string): string {
  const properties = list.trim().split(', ')
  return properties
    .filter(property => !PLACES.test(property))
    .sort()
    .join(', ')
}

/** A cell continues in rows without a name. */
function dropLocations(lines: readonly string[]): string[] {
  let isPlace = false
  return lines.filter(line => {
    isPlace = PLACES.test(line) || (isPlace && /^\| \|/.test(line))
    return !isPlace
  })
}

process.exitCode = await main(process.argv.includes('--show'))
