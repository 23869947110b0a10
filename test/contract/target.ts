/** A service that the commands are tried on: how its users reach it, and the facts in which services differ. */
import assert from 'node:assert/strict'
import {glance, type RunResult, type World} from '../support/fake-io.js'

/** Somebody who uses the service. */
export interface User {
  /** The environment and the home in which he calls the tool. */
  readonly world: Pick<World, 'env' | 'home'>
  /** Id of his project; undefined where nobody is told apart, or nobody told us. */
  readonly project: string | undefined
}

/** Where services differ, and nowhere else do they. */
export interface Facts {
  readonly apiVersion: 1 | 2
  /** Whether version 1 is there. */
  readonly hasVersion1: boolean
  /** Images have a visibility. Only those that are `shared` take members, who answer; without it members may share further. */
  readonly hasVisibility: boolean
  /** The container format of an image when none is given. */
  readonly container: 'ovf' | 'bare'
  /** What a list must be told for images that are not public. */
  readonly notPublicToo: readonly string[]
  /** Whether who gives an image to another project is refused; otherwise it just stays his. */
  readonly refusesGifts: boolean
  /** Whether everybody publishes images. */
  readonly everybodyPublishes: boolean
  /** Whether a part of the data can be had. Where it cannot, nothing is gone on with. */
  readonly hasRanges: boolean
  /** How many properties an image may have. */
  readonly mostProperties: number
  /** Nobody else uses it: it may be cleared. */
  readonly isOurs: boolean
}

/** What version 1 of the API is like. */
export const VERSION_1 = {
  apiVersion: 1,
  hasVersion1: true,
  hasVisibility: false,
  container: 'ovf',
  hasRanges: false,
  refusesGifts: false,
  mostProperties: 128,
} as const satisfies Partial<Facts>

/** What version 2 of the API is like. */
export const VERSION_2 = {
  apiVersion: 2,
  hasVisibility: true,
  container: 'bare',
  notPublicToo: [],
  hasRanges: true,
  refusesGifts: true,
  mostProperties: 128,
} as const satisfies Partial<Facts>

export interface Target {
  /** Whose commands these are. */
  readonly own: User
  /** What must not be printed, whoever calls. */
  readonly secrets: readonly string[]
  close(): Promise<void>
}

/** A service that tells its users apart. */
export interface SharedTarget extends Target {
  /** A user of another project. */
  readonly other: User
  readonly admin: User
  /** Takes the data of an image out of use, or back into it, as only some may. */
  act(action: 'deactivate' | 'reactivate', imageId: string): Promise<void>
}

/** One call of the tool. */
export function run(user: User, words: readonly string[], world: World = {}): Promise<RunResult> {
  return glance(words, {...world, ...user.world})
}

/** One call of the tool that must not fail; gives what it prints. */
export async function runToEnd(user: User, words: readonly string[], world: World = {}): Promise<string> {
  const ran = await run(user, words, world)
  assert.equal(ran.code, 0, `${words.join(' ')}: ${ran.stderr}`)
  return ran.stdout
}

/** Adds an image; gives its id. */
export async function addImage(user: User, words: readonly string[], world: World = {}): Promise<string> {
  return parseId(await runToEnd(user, ['add', ...words], world))
}

/** The id that `add` prints. */
export function parseId(output: string): string {
  return /ID: (\S+)/.exec(output)?.[1] ?? assert.fail(`no id in: ${output}`)
}
