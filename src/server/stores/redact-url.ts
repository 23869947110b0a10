/** Locations as messages show them. */

/** Removes possible secrets: a password, or a signature in the query. */
export function redactUrl(location: string | URL): string {
  if (!URL.canParse(String(location))) return 'the location'
  const {protocol, host, pathname} = new URL(location)
  return `${protocol}//${host}${pathname}`
}
