/** Flags of `wait`. */
import * as Flags from '@oclif/core/flags'
import {usageError} from '../../model/errors.js'
import {connectionFlags} from './connection.js'
import {flagGroup, withDescription} from './group.js'
import {progressGroup} from './progress.js'

export const waitGroup = flagGroup({
  flags: {
    until: Flags.string({
      helpValue: 'STATUS',
      description: 'Status to wait for, for example active, queued, deactivated or deleted',
      default: 'active',
      parse: parseStatus,
    }),
    timeout: withDescription(
      connectionFlags.timeout,
      'Give up after SECONDS of waiting, or without receiving anything',
    ),
    ...progressGroup.flags,
  },
  read: async (parsed, context) => ({
    until: parsed.until,
    limit: parsed.timeout,
    progress: await progressGroup.read(parsed, context),
  }),
})

async function parseStatus(text: string): Promise<string> {
  const {STATUSES} = await import('../../model/image.js')
  if (STATUSES.includes(text)) return text
  throw usageError(`invalid --until '${text}': expected one of ${STATUSES.join(', ')}`)
}
