/** Work on several images: when one of them fails, the others continue. */
import type {ImageApi} from '../../api/image-api.js'
import {Failure} from '../../model/errors.js'
import type {JsonObject} from '../../model/json-object.js'
import type {Consent} from '../consent.js'
import {mapInOrder} from '../in-order.js'
import {
  type ApiProvider,
  type Change,
  type ChangeOutcome,
  type ChangeParts,
  type ChangeSession,
  type PlanStep,
  performWithConsent,
  summarize,
} from './change.js'

/** Images at the same time: enough to hide the round trip, few enough not to burden the service. */
const CONCURRENCY = 8

/** The failure of one of several parts, so that the others continue. @throws any other error, and an interruption */
export function requirePartFailure(error: unknown): Failure {
  if (error instanceof Failure && error.kind !== 'interrupted') return error
  throw error
}

/** The result of an action; the failure of one of several is returned. @throws any other error */
export async function toOutcome<T>(act: () => Promise<T>, isOneOfSeveral: boolean): Promise<T | Failure> {
  try {
    return await act()
  } catch (error) {
    if (isOneOfSeveral) return requirePartFailure(error)
    throw error
  }
}

/** Options of `changeEach`. */
export interface EachOptions {
  readonly parts: ChangeParts
  /** Changes at the same time. Default: 8, and 1 where questions can come up. */
  readonly concurrency?: number
}

/**
 * The same change of several images, reported in their order. The change of a single image is returned as it is.
 * @param toChange called for one image at a time; its failures for the first image are thrown at once
 */
export function changeEach(
  images: readonly string[],
  toChange: (image: string) => Change,
  {parts, concurrency = CONCURRENCY}: EachOptions,
): Change {
  const [image] = images
  const first = image === undefined ? undefined : toChange(image)
  if (first !== undefined && images.length === 1) return first
  return {
    ...(first?.notices && {notices: first.notices}),
    async *plan(open) {
      for (const image of images) yield* planOne(() => toChange(image), open)
    },
    parts,
    async *perform(api, consent) {
      const atOnce = consent.canAsk ? 1 : concurrency
      const perform = (image: string) => collectOutcomes(toChange(image), api, consent)
      for await (const [, {outcomes, error}] of mapInOrder(images, atOnce, perform)) {
        yield* outcomes
        if (error !== undefined) yield requirePartFailure(error)
      }
    },
  }
}

/** The plan of one of several changes, in which its failure is a step. @throws the failure of `open` */
async function* planOne(create: () => Change, open: ApiProvider): AsyncGenerator<PlanStep | Failure> {
  let isOpening = false
  const openOnce = async () => {
    isOpening = true
    const api = await open()
    isOpening = false
    return api
  }
  try {
    yield* create().plan(openOnce)
  } catch (error) {
    if (isOpening) throw error
    yield requirePartFailure(error)
  }
}

/** @returns the outcomes so far, and the error that ended the change */
async function collectOutcomes(
  change: Change,
  api: ImageApi,
  consent: Consent,
): Promise<{readonly outcomes: readonly ChangeOutcome[]; readonly error?: unknown}> {
  const outcomes: ChangeOutcome[] = []
  try {
    for await (const outcome of performWithConsent(change, {consent, open: async () => api}))
      outcomes.push(outcome)
    return {outcomes}
  } catch (error) {
    return {outcomes, error}
  }
}

/** What a command prints about one of several arguments. */
export interface EachResult {
  readonly records: readonly JsonObject[]
  /** Called when the result is printed; without lines, people get a table. */
  readonly lines?: () => readonly string[]
}

/** Reads and prints several things in the order of their names; those that fail are reported in between. */
export async function printEach(
  names: readonly string[],
  {display, open}: Pick<ChangeSession, 'display' | 'open'>,
  parts: ChangeParts,
  read: (api: ImageApi, name: string) => Promise<EachResult>,
): Promise<void> {
  if (names.length === 0) return
  const api = await open()
  const failures: Failure[] = []
  const readOne = (name: string) => toOutcome(() => read(api, name), names.length > 1)
  for await (const [, result] of mapInOrder(names, CONCURRENCY, readOne)) {
    if (result instanceof Failure) {
      failures.push(result)
      await display.partialFailure(result)
    } else await display.result(() => result.records, result.lines)
  }
  if (failures.length > 0) throw summarize(failures, parts)
}
