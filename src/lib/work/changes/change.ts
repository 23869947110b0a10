/** The policy for changes: printed in a dry run, or confirmed and carried out, in one place. */
import type {ImageApi} from '../../api/image-api.js'
import {Failure} from '../../model/errors.js'
import type {JsonObject} from '../../model/json-object.js'
import type {Notes} from '../../model/notes.js'
import type {Consent} from '../consent.js'

/** Opens the service on first use, so that a dry run opens nothing. */
export type ApiProvider = () => Promise<ImageApi>

/** A result: lines for people, possibly none, and a record for programs. */
export interface ChangeResult {
  readonly lines: readonly string[]
  readonly record: JsonObject
}

/** A step of a plan, in the same two forms; the record tells what would be done, and to what. */
export interface PlanStep extends ChangeResult {
  readonly record: JsonObject & {
    readonly action:
      | ('add' | 'copy' | 'update' | 'delete' | 'replace' | 'download' | 'keep' | 'wait')
      | ('deactivate' | 'reactivate' | 'stage')
    readonly kind: 'image' | 'member' | 'store'
  }
}

/** A report of a running change: a result, a note, or the failure of one part while the others continue. */
export type ChangeOutcome = ChangeResult | {readonly note: string} | Failure

/** A change of the service: a plan, which a dry run prints, and an action. */
export interface Change {
  /** Notes for the user before anything happens: ignored fields, names that look misspelt. */
  readonly notices?: readonly string[]
  /** The steps that a dry run prints, and failures of parts. May read from the service, but changes nothing. */
  plan(open: ApiProvider): Iterable<PlanStep | Failure> | AsyncIterable<PlanStep | Failure>
  /** Called first, except in a dry run. @throws Failure when the change cannot be carried out here */
  check?(): void | Promise<void>
  /** Tells that there is nothing to change, so that no question is asked, on a terminal or without one. */
  isDone?(open: ApiProvider): Promise<boolean>
  /** The question that confirms the change. Called only if it can be asked: not when the change is forced. */
  question?(open: ApiProvider): Promise<ChangeQuestion>
  /** Message of the failure when the answer was no. */
  readonly refusal?: string
  /** @param confirm for questions that come up while the change is carried out */
  perform(api: ImageApi, confirm: Consent): AsyncIterable<ChangeOutcome>
  /** The parts that can fail one by one: an `image` that could not be `deleted`. */
  readonly parts?: ChangeParts
}

/** The question that confirms a change, after a look at what it concerns. */
export interface ChangeQuestion {
  /** Undefined when there is nothing to do: then nothing is asked or performed. */
  readonly text: string | undefined
  /** Reported before the question. */
  readonly findings?: readonly ChangeOutcome[]
}

/** Words for a count of parts that failed. */
export interface ChangeParts {
  readonly noun: string
  /** Past participle. */
  readonly verb: string
}

/** The output of a change. */
export interface ChangeDisplay extends Notes {
  /** Prints the steps of a dry run, each as soon as it is known. */
  plan(steps: Iterable<PlanStep> | AsyncIterable<PlanStep>): Promise<void>
  /** Prints results, in one form or the other: the lines are for people, who get a table without them. */
  result(records: () => readonly JsonObject[], lines?: () => readonly string[]): Promise<void>
  /** Ends the results: all are printed. Without it, a list is incomplete, which its reader can see. */
  complete(): Promise<void>
  /** Prints that one part failed while the others continue. */
  partialFailure(failure: Failure): Promise<void>
}

/** The settings of a session that decide how a change is carried out. */
export interface ChangeSession {
  readonly display: ChangeDisplay
  readonly dryRun: boolean
  readonly consent: Consent
  readonly open: ApiProvider
}

/**
 * Prints the plan of a dry run; otherwise asks for consent, performs the change, and prints results as they come.
 * @throws Failure when the answer was no, and at the end when a part failed
 */
export async function carryOut(change: Change, session: ChangeSession): Promise<void> {
  const {display, dryRun, open} = session
  for (const notice of change.notices ?? []) display.note(notice)
  const failures: Failure[] = []
  if (dryRun) await display.plan(reportFailures(change.plan(open), display, failures))
  else {
    await change.check?.()
    for await (const outcome of performWithConsent(change, session)) {
      if (outcome instanceof Failure) failures.push(outcome)
      await printOutcome(outcome, display)
    }
    await display.complete()
  }
  if (failures.length > 0) throw summarize(failures, change.parts)
}

/** The steps of a plan; its failures are printed, and added to the list. */
async function* reportFailures(
  steps: Iterable<PlanStep | Failure> | AsyncIterable<PlanStep | Failure>,
  display: ChangeDisplay,
  failures: Failure[],
): AsyncGenerator<PlanStep> {
  for await (const step of steps) {
    if (step instanceof Failure) {
      failures.push(step)
      await display.partialFailure(step)
    } else yield step
  }
}

async function printOutcome(outcome: ChangeOutcome, display: ChangeDisplay): Promise<void> {
  if (outcome instanceof Failure) return display.partialFailure(outcome)
  if ('note' in outcome) return display.note(outcome.note)
  return display.result(
    () => [outcome.record],
    () => outcome.lines,
  )
}

/** Performs the change, after a question where one is required. @throws Failure when the answer was no */
export async function* performWithConsent(
  change: Change,
  session: Pick<ChangeSession, 'consent' | 'open'>,
): AsyncIterable<ChangeOutcome> {
  const {consent, open} = session
  const {refusal = 'nothing was done'} = change
  const question = await createQuestion(change, refusal, session)
  if (question !== undefined) {
    yield* question.findings ?? []
    if (question.text === undefined) return
    if (!(await consent.ask(question.text))) throw new Failure('failed', refusal)
  }
  yield* change.perform(await open(), consent)
}

/** @returns undefined when no question is required @throws Failure when it is, but cannot be asked */
async function createQuestion(
  change: Change,
  refusal: string,
  {consent, open}: Pick<ChangeSession, 'consent' | 'open'>,
): Promise<ChangeQuestion | undefined> {
  if (change.question === undefined || consent.isGiven || (await change.isDone?.(open))) return undefined
  if (consent.canAsk) return change.question(open)
  throw new Failure('failed', refusal, {
    why: 'confirmation is required, but standard input is not a terminal',
    advice: 'Give --force to go ahead without a question.',
  })
}

/** One failure for several. Its kind, which decides the exit code, is theirs if it is the same for all. */
export function summarize(
  failures: readonly Failure[],
  {noun, verb}: ChangeParts = {noun: 'step', verb: 'completed'},
): Failure {
  const [first] = failures
  const kind = first && failures.every(({kind}) => kind === first.kind) ? first.kind : 'failed'
  const count = failures.length
  return new Failure(kind, `${count} ${noun}${count === 1 ? '' : 's'} could not be ${verb}`)
}
