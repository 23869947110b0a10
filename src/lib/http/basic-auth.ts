/** HTTP Basic credentials from the user and password of a URL. */

/** The value of `Authorization` or `Proxy-Authorization`; undefined for a URL without user and password. */
export function basicAuthFrom({username, password}: URL): string | undefined {
  if (username === '' && password === '') return undefined
  return `Basic ${Buffer.from(`${percentDecode(username)}:${percentDecode(password)}`).toString('base64')}`
}

/** Returns text with an invalid `%` code unchanged. */
function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
