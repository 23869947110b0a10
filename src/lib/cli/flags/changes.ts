/** Flags of commands that change something, except those of image data. */
import * as Flags from '@oclif/core/flags'
import {NO_PROGRESS} from '../../work/progress/progress.js'
import {connectionFlags} from './connection.js'
import {flagGroup, withDescription} from './group.js'
import {listGroup} from './list.js'
import {progressGroup, silentFlags} from './progress.js'

/** Flags of commands that ask for confirmation. */
export const confirmGroup = flagGroup({
  flags: {force: Flags.boolean({char: 'f', description: 'Do not ask for confirmation'})},
  read: parsed => ({isForced: parsed.force}),
})

/** Flags of commands that change something. */
export const changeGroup = flagGroup({
  flags: {'dry-run': Flags.boolean({description: 'Print what would happen, without doing it'})},
  read: parsed => ({dryRun: parsed['dry-run']}),
})

/** Global options of the manual and of the clients of its time that only some commands use. */
export const manualFlags = {
  ...confirmGroup.flags,
  ...changeGroup.flags,
  ...silentFlags,
  limit: listGroup.flags.limit,
  marker: listGroup.flags.marker,
  'sort-key': listGroup.flags['sort-key'],
  'sort-dir': listGroup.flags['sort-dir'],
}

/** Flags of `clear`. */
export const clearGroup = flagGroup({
  flags: {
    verbose: connectionFlags.verbose,
    'all-projects': Flags.boolean({
      description: 'Include images of other projects that you may delete; asks a second time',
    }),
    ...progressGroup.flags,
  },
  async read(parsed, context) {
    const {verbose, progress, 'all-projects': allProjects} = parsed
    // --verbose prints the same information.
    const isRedundant = verbose && progress === undefined
    return {
      verbose,
      allProjects,
      progress: isRedundant ? NO_PROGRESS : await progressGroup.read(parsed, context),
    }
  },
})

/** Flags of `member-add` and `members-replace`. */
export const shareGroup = flagGroup({
  flags: {
    'can-share': Flags.boolean({description: 'Let the members share the image further (API v1 only)'}),
  },
  // Without the switch the framework has no value, which would leave the right of an existing member alone.
  read: parsed => ({canShare: parsed['can-share'] === true}),
})

/** Flags of `store-copy`. */
export const storeGroup = flagGroup({
  flags: {
    'all-stores': Flags.boolean({description: 'Copy the data to all stores that take it'}),
    timeout: withDescription(
      connectionFlags.timeout,
      'Give up after SECONDS of waiting, or without receiving anything',
    ),
  },
  read: parsed => ({isAll: parsed['all-stores'], timeout: parsed.timeout}),
})

/** Properties of a flag that may be given several times, each with one value. */
const repeatable = {multiple: true, multipleNonGreedy: true} as const

/** Flags of `update`. */
export const editGroup = flagGroup({
  flags: {
    'purge-props': Flags.boolean({description: 'Remove custom properties that are not given'}),
    unset: Flags.string({
      helpValue: 'KEY',
      description: 'Remove this custom property; may be given several times',
      ...repeatable,
    }),
    tag: Flags.string({
      helpValue: 'TAG',
      description: 'Add this tag, and keep the others (v2); may be given several times',
      ...repeatable,
    }),
    untag: Flags.string({
      helpValue: 'TAG',
      description: 'Remove this tag (v2); may be given several times',
      ...repeatable,
    }),
  },
  read: parsed => ({
    purgeProperties: parsed['purge-props'],
    edits: {unset: parsed.unset ?? [], tag: parsed.tag ?? [], untag: parsed.untag ?? []},
  }),
})
