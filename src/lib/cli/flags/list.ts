/** Flags of `index` and `details`. */
import * as Flags from '@oclif/core/flags'
import type {SortDirection} from '../../model/list-query.js'
import {flagGroup, numberFlag, wholeNumber} from './group.js'

/** The part of a list to fetch, and its order. */
export interface ListFlagOptions {
  /** Images per page on a terminal; elsewhere the number of images in the list, unless another flag limits it. */
  readonly limit: number | undefined
  /** Images per page. */
  readonly pageSize: number | undefined
  readonly marker: string | undefined
  readonly sortKey: string | undefined
  readonly sortDir: SortDirection | undefined
  readonly maxItems: number | undefined
}

export const listGroup = flagGroup({
  flags: {
    limit: numberFlag({
      helpValue: 'N',
      description: 'Images per page on a terminal; elsewhere, in the whole list',
      defaultHelp: async () => '10 on a terminal',
      ...wholeNumber('limit', 1),
    }),
    'page-size': numberFlag({
      helpValue: 'N',
      description: 'Images per page; --limit then ends the list everywhere',
      ...wholeNumber('page-size', 1),
    }),
    marker: Flags.string({helpValue: 'ID', description: 'Start after the image with this ID'}),
    'sort-key': Flags.string({
      helpValue: 'KEY',
      description: 'Sort by this attribute',
      defaultHelp: async () => 'created_at',
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
    'sort-dir': Flags.option({
      description: 'Sort direction',
      options: ['asc', 'desc'] as const,
      defaultHelp: async () => 'desc for sizes and times, otherwise asc',
    })(),
    'max-items': numberFlag({
      helpValue: 'N',
      description: 'List at most N images',
      ...wholeNumber('max-items', 1),
    }),
  },
  read: (parsed): ListFlagOptions => ({
    limit: parsed.limit,
    marker: parsed.marker,
    pageSize: parsed['page-size'],
    sortKey: parsed['sort-key'],
    sortDir: parsed['sort-dir'] ?? naturalDirection(parsed['sort-key']),
    maxItems: parsed['max-items'],
  }),
})

/** Texts from A to Z. Sizes and times are left to the service, which lists the largest and newest first. */
function naturalDirection(sortKey: string | undefined): SortDirection | undefined {
  const isText = sortKey !== undefined && !['size', 'created_at', 'updated_at'].includes(sortKey)
  return isText ? 'asc' : undefined
}
