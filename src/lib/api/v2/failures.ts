/** Explains failures of version 2 of the API that their status does not explain. */
import {expectStatus, type FailureHints} from '../../http/errors/expect-status.js'
import type {Reply} from '../../http/message.js'
import {Failure, type FailureKind} from '../../model/errors.js'
import type {Image} from '../../model/image.js'

const OK: readonly number[] = [200, 201, 202, 204]

/** Returns a reply of success. @throws the Failure that any other reply means, with the message of the service */
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

/** Removes the schema that schema errors quote, and the request that quota errors quote. */
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
  /** `$1` stands for the first group of the pattern. */
  readonly advice: string
  readonly kind?: FailureKind
}

/** Recognised by the message only, as Glance 25 and the embedded service write it. */
const KNOWN_ERRORS: readonly KnownError[] = [
  {
    pattern: /publicize_image/,
    advice:
      'Ask an administrator to make it public, or use visibility=community, for everyone who knows its id.',
  },
  {
    pattern: /communitize_image/,
    advice: 'Use visibility=shared and add members: only administrators may create community images here.',
  },
  {
    pattern: /can be only replaced for a queued image/,
    advice: 'Add the data as a new image: formats cannot be changed once there is data.',
    kind: 'conflict',
  },
  {
    pattern: /Owner can't be updated|not permitted to create images owned by/,
    advice: 'Ask an administrator: only they may give images to other projects.',
  },
  {
    pattern: /\bsize\b.*(mismatch|(did|does) not match|is not what)/i,
    advice: 'Send the data again, or leave out size=.',
    kind: 'unverified',
  },
  {
    pattern: /No image data could be found/,
    advice: 'Upload its data: glance update ID < FILE',
    kind: 'conflict',
  },
  {
    pattern: /4 byte unicode/,
    advice:
      'Leave out emoji and other characters beyond U+FFFF: the service cannot store them in this field.',
  },
  {pattern: /do not own this image/, advice: 'Ask the project that owns it: no other project can change it.'},
  {
    pattern: /from the only store containing it/,
    advice: 'Copy it to another store first, with glance store-copy, or delete the image with glance delete.',
    kind: 'conflict',
  },
  {
    pattern: /store .* is not available on this node/,
    advice: 'List the stores with: glance store-list',
  },
  {pattern: /has been deactivated/, advice: 'Ask an administrator or its owner to run: glance reactivate ID'},
  {
    pattern: /must be set prior to saving data/,
    advice: 'Set both first, with disk_format= and container_format=.',
    kind: 'conflict',
  },
  {
    pattern: /Image (\S+) is protected and cannot be deleted/,
    advice: 'To delete it anyway, run: glance update $1 protected=false',
  },
]

const ADVICE: Readonly<Record<number, string>> = {
  413: 'Delete images, or ask the operator to raise the limit: a quota or the capacity of the store is reached.',
}

/** The reply is JSON, but not the document that version 2 has there. */
export function unexpectedReplyError(key: string): Failure {
  return new Failure('failed', 'cannot parse the response of the service', {
    why: `it has no '${key}', which version 2 of the Image API requires`,
    advice: 'Check that this is the address of an Image service.',
  })
}

/** The failure for an image that does not take the data. @param takes status of one that does */
export function notQueuedError({id, status}: Image, takes: 'queued' | 'uploading' = 'queued'): Failure {
  if (takes === 'uploading')
    return new Failure('conflict', `cannot import the staged data of image ${id}`, {
      why: `its status is ${status}, and that of an image with staged data is uploading`,
      advice: `Stage its data first, with: glance stage ${id} < FILE`,
    })
  return new Failure('conflict', `cannot update image ${id}`, {
    why: `its status is ${status}, and only a queued image takes data: v2 stores data once`,
    advice: 'Add the data as a new image.',
  })
}
