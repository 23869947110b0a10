/** The user and password of a URL, as HTTP sends them. */

/** The value of `Authorization` or `Proxy-Authorization`; undefined for a URL that names nobody. */
export function basicAuthFrom({username, password}: URL): string | undefined {
  if (username === '' && password === '') return undefined
  return `Basic ${Buffer.from(`${percentDecode(username)}:${percentDecode(password)}`).toString('base64')}`
}

/** A `%` that begins no code stands for itself. */
function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
