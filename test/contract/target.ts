/** A service that the commands are tested with: how its users reach it, and the facts in which services differ. */
import assert from 'node:assert/strict'
import {glance, type RunResult, type World} from '../support/fake-io.js'

/** A user of the service. */
export interface User {
  /** The environment and the home of the tool. */
  readonly world: Pick<World, 'env' | 'home'>
  /** Id of their project; undefined if the service does not distinguish projects, or it is unknown. */
  readonly project: string | undefined
}

/** The facts in which services differ; they agree in everything else. */
export interface Facts {
  readonly apiVersion: 1 | 2
  /** True if the service has version 1. */
  readonly hasVersion1: boolean
  /** Images have a visibility. Members of an image accept or reject it; without it members may share further. */
  readonly hasVisibility: boolean
  /** The visibility of images that can have members. Where it is `private`, there is no `shared` and no `community`. */
  readonly memberVisibility: 'shared' | 'private'
  /** True if the tool takes version 1 for `--can-share`: the service has both, and no version was named. */
  readonly sharesFurther: boolean
  /** True if images can be hidden from lists. */
  readonly hasHidden: boolean
  /** The container format of an image when none is given. */
  readonly container: 'ovf' | 'bare'
  /** The filter of a list for images that are not public. */
  readonly notPublicToo: readonly string[]
  /** True if a new owner of an image is refused; otherwise it is ignored. */
  readonly refusesGifts: boolean
  /** True if every user may publish images. */
  readonly everybodyPublishes: boolean
  /** True if a range of the data can be read. Otherwise downloads are not resumed. */
  readonly hasRanges: boolean
  /** How many properties an image may have. */
  readonly mostProperties: number
  /** True if no one else uses it, so that it may be cleared. */
  readonly isOurs: boolean
}

/** The facts of version 1 of the API. */
export const VERSION_1 = {
  apiVersion: 1,
  hasVersion1: true,
  hasVisibility: false,
  memberVisibility: 'private',
  sharesFurther: true,
  hasHidden: false,
  container: 'ovf',
  hasRanges: false,
  refusesGifts: false,
  mostProperties: 128,
} as const satisfies Partial<Facts>

/** The facts of version 2 of the API. */
export const VERSION_2 = {
  apiVersion: 2,
  hasVisibility: true,
  memberVisibility: 'shared',
  sharesFurther: false,
  hasHidden: true,
  container: 'bare',
  notPublicToo: [],
  hasRanges: true,
  refusesGifts: true,
  mostProperties: 128,
} as const satisfies Partial<Facts>

export interface Target {
  /** The user who runs the commands. */
  readonly own: User
  /** Texts that must never be printed. */
  readonly secrets: readonly string[]
  close(): Promise<void>
}

/** A service that distinguishes its users. */
export interface SharedTarget extends Target {
  /** A user of another project. */
  readonly other: User
  readonly admin: User
  /** Deactivates or reactivates an image, as only some users may. */
  act(action: 'deactivate' | 'reactivate', imageId: string): Promise<void>
}

/** Runs the tool once. */
export function run(user: User, words: readonly string[], world: World = {}): Promise<RunResult> {
  return glance(words, {...world, ...user.world})
}

/** Runs the tool once, asserts that it succeeds, and returns its output. */
export async function runSuccessfully(
  user: User,
  words: readonly string[],
  world: World = {},
): Promise<string> {
  const ran = await run(user, words, world)
  assert.equal(ran.code, 0, `${words.join(' ')}: ${ran.stderr}`)
  return ran.stdout
}

/** Adds an image and returns its id. */
export async function addImage(user: User, words: readonly string[], world: World = {}): Promise<string> {
  return parseId(await runSuccessfully(user, ['add', ...words], world))
}

/** Parses the id that `add` prints. */
export function parseId(output: string): string {
  return /ID: (\S+)/.exec(output)?.[1] ?? assert.fail(`no id in: ${output}`)
}
