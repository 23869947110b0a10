/** What failures mean in version 2 of the API, beyond what their status says. */
import {expectStatus, type FailureHints} from '../../http/errors/expect-status.js'
import type {Reply} from '../../http/message.js'
import {Failure, type FailureKind} from '../../model/errors.js'

const OK: readonly number[] = [200, 201, 202, 204]

/** A reply of success; anything else becomes the `Failure` it means, with the words that the service has for it. */
export async function expectSuccess(reply: Reply, hints: FailureHints, statuses = OK): Promise<Reply> {
  try {
    return await expectStatus(reply, statuses, hints)
  } catch (error) {
    throw error instanceof Failure ? explainFailure(error, hints) : error
  }
}

function explainFailure(failure: Failure, hints: FailureHints): Failure {
  if (failure.code === 'from-proxy') return failure
  const why = failure.why && shortenReason(failure.why)
  const known = findKnownError(why ?? '')
  const hint = hints.advice?.[failure.status ?? 0]
  return failure.with({
    why,
    advice: known?.advice ?? hint ?? ADVICE[failure.status ?? 0] ?? failure.advice,
    ...(known?.kind ? {kind: known.kind} : {}),
  })
}

/** Schema errors quote the schema, errors of quotas the answer they come from. */
function shortenReason(why: string): string {
  return why
    .replace(/^Provided object does not match schema '\w+': (.*?)\s+Failed validating .*$/s, '$1')
    .replace(/^The request returned a 413 .*? The response body: /s, '')
}

function findKnownError(why: string): Pick<KnownError, 'advice' | 'kind'> | undefined {
  for (const {pattern, advice, kind} of KNOWN_ERRORS) {
    const [found, part = ''] = pattern.exec(why) ?? []
    if (found !== undefined) return {advice: advice.replace('$1', part), ...(kind ? {kind} : {})}
  }
  return undefined
}

interface KnownError {
  readonly pattern: RegExp
  /** `$1` stands for the first part that the words have in brackets. */
  readonly advice: string
  readonly kind?: FailureKind
}

/** Told by words alone, as Glance 25 and our own service write them. */
const KNOWN_ERRORS: readonly KnownError[] = [
  {
    pattern: /publicize_image/,
    advice:
      'Only administrators make images public here. visibility=community lets all use it who know its id.',
  },
  {
    pattern: /communitize_image/,
    advice: 'This cloud keeps community images to administrators. visibility=shared takes members.',
  },
  {
    pattern: /can be only replaced for a queued image/,
    advice: 'Formats are fixed once there is data. Add the data as a new image.',
    kind: 'conflict',
  },
  {
    pattern: /Owner can't be updated|not permitted to create images owned by/,
    advice: 'Only administrators give images to other projects.',
  },
  {
    pattern: /\bsize\b.*(mismatch|(did|does) not match|is not what)/i,
    advice: 'Send the data again, or leave out size=.',
    kind: 'unverified',
  },
  {
    pattern: /No image data could be found/,
    advice: 'Bring its data: glance update ID < FILE',
    kind: 'conflict',
  },
  {
    pattern: /4 byte unicode/,
    advice: 'This service stores no emoji and no other characters beyond U+FFFF here.',
  },
  {pattern: /do not own this image/, advice: 'It belongs to another project, which alone can change it.'},
  {pattern: /has been deactivated/, advice: 'An administrator or its owner can reactivate it.'},
  {
    pattern: /must be set prior to saving data/,
    advice: 'Set both first, with disk_format= and container_format=.',
    kind: 'conflict',
  },
  {
    pattern: /Image (\S+) is protected and cannot be deleted/,
    advice: 'If it may go all the same: glance update $1 protected=false',
  },
]

const ADVICE: Readonly<Record<number, string>> = {
  413: 'A limit, a quota or the room of the store is reached. Delete what is not needed, or ask the operator for more.',
}

/** The answer is JSON, but not what version 2 says there. */
export function unexpectedReplyError(key: string): Failure {
  return new Failure('failed', 'cannot parse the response of the service', {
    why: `it has no '${key}' where version 2 of the Image API has one`,
    advice: 'Check that this is the address of an Image service.',
  })
}
