/** The policy for changing things: shown in a dry run, or asked for and carried out, in one place. */
import type {ImageApi} from '../api/image-api.js'
import type {Io} from '../io/io.js'
import {Failure} from '../model/errors.js'
import type {Mapping} from '../model/mapping.js'
import {failureRecord, jsonLine} from './output/json.js'
import {printable} from './text.js'

/** Opens the service on first use, so that a dry run opens nothing. */
export type Open = () => Promise<ImageApi>

/** A result in lines for people, which may be none, and as a record for programs. */
export interface Result {
  readonly lines: readonly string[]
  readonly record: Mapping
}

/** What carrying out a change has to tell: a result, a note beside it, or something that failed while the rest went on. */
export type Outcome = Result | {readonly note: string} | Failure

/** Something that changes the service, described before it is done. */
export interface Change {
  /** What the user should know before anything happens: fields dropped, words that look misspelt. */
  readonly notices?: readonly string[]
  /** What a dry run prints. May read from the service, but changes nothing. */
  plan(open: Open): Iterable<string> | AsyncIterable<string>
  /** Asked before anything is done, unless forced; undefined when there is nothing to do. */
  question?(open: Open): Promise<string | undefined>
  /** Why nothing was done, when the answer was no. */
  readonly refusal?: string
  /** @param consent gives the answer to a question that comes up on the way; yes when forced, no when nobody can be asked */
  perform(api: ImageApi, consent: Consent): AsyncIterable<Outcome>
}

export type Consent = (question: string) => Promise<boolean>

/** A deed that has nothing to tell when it went well. */
export function silently(act: (api: ImageApi) => Promise<void>): Change['perform'] {
  return async function* (api) {
    await act(api)
    yield* []
  }
}

/** The settings of a session that decide what becomes of a change. */
export interface ChangeSession {
  readonly io: Io
  readonly dryRun: boolean
  readonly force: boolean
  /** Results and failures are for programs. */
  readonly json: boolean
  readonly open: Open
}

/**
 * Does what the user asked for: prints the plan of a dry run, or asks, acts and prints results as they come.
 * @throws Failure when the answer was no, and at the end when a part failed
 */
export async function carryOut(change: Change, session: ChangeSession): Promise<void> {
  const {stderr} = session.io
  for (const notice of change.notices ?? []) await stderr.write(`${printable(notice)}\n`)
  if (session.dryRun) return tell(change, session)
  await askFirst(change, session)
  const failures: Failure[] = []
  for await (const outcome of change.perform(await session.open(), consentOf(session))) {
    if (outcome instanceof Failure) failures.push(outcome)
    await print(outcome, session)
  }
  if (failures.length > 0) throw summary(failures)
}

async function tell(change: Change, {io, json, open}: ChangeSession): Promise<void> {
  if (!json) await io.stdout.write('Dry run. We would have done the following:\n')
  for await (const line of change.plan(open)) {
    await io.stdout.write(`${json ? jsonLine({dry_run: line.trim()}) : printable(line)}\n`)
  }
}

async function print(outcome: Outcome, {io, json}: ChangeSession): Promise<void> {
  if (outcome instanceof Failure) {
    await io.stderr.write(`${json ? jsonLine(failureRecord(outcome)) : printable(oneLine(outcome))}\n`)
  } else if ('note' in outcome) {
    await io.stderr.write(`${printable(outcome.note)}\n`)
  } else {
    const lines = json ? [jsonLine(outcome.record)] : outcome.lines.map(printable)
    if (lines.length > 0) await io.stdout.write(`${lines.join('\n')}\n`)
  }
}

function consentOf({io, force}: ChangeSession): Consent {
  return async text => force || (io.stdin.kind === 'terminal' && (await io.ask({text, default: false})))
}

async function askFirst(change: Change, session: ChangeSession): Promise<void> {
  if (change.question === undefined || session.force) return
  const {io} = session
  const canAsk = io.stdin.kind === 'terminal'
  if (!canAsk) {
    throw new Failure('failed', change.refusal ?? 'Nothing was done', {
      why: 'this needs a yes, and standard input is no terminal to ask at',
      advice: 'Give --force to go ahead without a question.',
    })
  }
  const text = await change.question(session.open)
  if (text === undefined) return
  if (!(await io.ask({text, default: false})))
    throw new Failure('failed', change.refusal ?? 'Nothing was done')
}

function oneLine(failure: Failure): string {
  const {message, why} = failure
  return `glance: ${message}${why === undefined ? '' : `: ${why}`}`
}

/** One failure stands for all when they are of one kind, so that the exit code still tells it. */
function summary(failures: readonly Failure[]): Failure {
  const [first] = failures
  const kind = first && failures.every(({kind}) => kind === first.kind) ? first.kind : 'failed'
  const count = failures.length === 1 ? '1 part' : `${failures.length} parts`
  return new Failure(kind, `${count} of this failed, as told above`)
}
