/** Accepted differences between the responses of the embedded service and a real one, each with its reason. */

export interface Accepted {
  /** Names of the cases. */
  readonly of: RegExp
  readonly why: string
}

/** Nothing else may differ. */
export const ACCEPTED: readonly Accepted[] = [
  {
    of: /sort=size:(asc|desc)/,
    why: 'an image without data and one of 0 bytes are of the same size to a list; the real one puts no size before 0',
  },
  {
    of: /sort_key=name&sort_key=size|tag=t1&tag=t2/,
    why: 'links keep the whole query; those of the real one lose all but the last of repeated parameters',
  },
  {
    of: /\/v2\/images\/#1 $|PATCH #1 .*min_ram/,
    why: 'a tag of the path is UTF-8; the real one reads its bytes as Latin-1',
  },
  {of: /^(HEAD|OPTIONS) /, why: 'what has no body says no type of it, or that of the error it would be'},
  {of: /^GET (\/v2\.99\/images|\/v3\/images|\/images) $/, why: 'the list holds other minor versions, and v1'},
  {of: /healthcheck/, why: 'only OK is told, as by the real one to callers who accept anything'},
  {
    of: /import \[\]$|import 5$|\\ud800|%ff |namespaces\?limit=x/,
    why: 'a mistake of the caller is 400, not a failure of the service, and says what is wrong',
  },
  {
    of: /\\u0000|%00/,
    why: 'text with U+0000 is refused, since databases give it back cut, or not at all; the real one keeps it in its SQLite',
  },
  {
    of: /"http:\/\/(10\.0\.0\.1|127\.0\.0\.2)\//,
    why: 'behind the usual words it is said what would allow to fetch from there',
  },
  {
    of: /metadefs\/namespaces\?limit=0/,
    why: 'the lab has definitions, and a fresh service has none',
  },
  {
    of: /^DELETE \/v2\/stores\//,
    why: 'the service has several stores; this real one has a store of the old kind, and no such call',
  },
  {of: /^GET \/v2\/cache $/, why: 'there is no cache; the real one has one that it shows to nobody'},
]
