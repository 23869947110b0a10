/** Flags of commands that change something, except those of image data. */
import * as Flags from '@oclif/core/flags'
import {NO_PROGRESS} from '../../work/progress/progress.js'
import {connectionFlags} from './connection.js'
import {flagGroup} from './group.js'
import {progressGroup} from './progress.js'

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
    'can-share': Flags.boolean({description: 'Let the member share the image further (API v1 only)'}),
  },
  read: parsed => ({canShare: parsed['can-share']}),
})

/** Flags of `update`. */
export const purgeGroup = flagGroup({
  flags: {
    'purge-props': Flags.boolean({description: 'Remove custom properties that are not given'}),
  },
  read: parsed => ({purgeProperties: parsed['purge-props']}),
})
