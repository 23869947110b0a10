/** Flags of `index` and `details`. */
import * as Flags from '@oclif/core/flags'
import type {SortDirection} from '../../model/list-query.js'
import {flagGroup, numberFlag, wholeNumber} from './group.js'

/** The part of a list to fetch, and its order. */
export interface ListFlagOptions {
  /** Images per page. */
  readonly limit: number | undefined
  readonly marker: string | undefined
  readonly sortKey: string | undefined
  readonly sortDir: SortDirection | undefined
  readonly maxItems: number | undefined
}

export const listGroup = flagGroup({
  flags: {
    limit: numberFlag({
      helpValue: 'N',
      description: 'Images per page',
      defaultHelp: async () => '10 on a terminal',
      ...wholeNumber('limit', 1),
    }),
    marker: Flags.string({helpValue: 'ID', description: 'Start after the image with this ID'}),
    'sort-key': Flags.string({
      helpValue: 'KEY',
      description: 'Sort by this attribute',
      options: [
        'name',
        'status',
        'container_format',
        'disk_format',
        'size',
        'id',
        'created_at',
        'updated_at',
      ],
    }),
    'sort-dir': Flags.option({description: 'Sort direction', options: ['asc', 'desc'] as const})(),
    'max-items': numberFlag({
      helpValue: 'N',
      description: 'List at most N images',
      ...wholeNumber('max-items', 1),
    }),
  },
  read: (parsed): ListFlagOptions => ({
    limit: parsed.limit,
    marker: parsed.marker,
    sortKey: parsed['sort-key'],
    sortDir: parsed['sort-dir'],
    maxItems: parsed['max-items'],
  }),
})
