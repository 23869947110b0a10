/** A small web server as a foreign source of images: `/src.img` of 16 bytes, and `/empty.img`. */
import http from 'node:http'
import type {AddressInfo} from 'node:net'

const FILES: Readonly<Record<string, string>> = {'/src.img': '0123456789abcdef', '/empty.img': ''}

export interface ForeignSource {
  readonly host: string
  /** Makes every file return 404 from now on. */
  vanish(): void
  /** Makes the files available again. */
  reappear(): void
  close(): void
}

export async function startForeignSource(): Promise<ForeignSource> {
  let gone = false
  const server = http.createServer((request, response) => {
    const content = gone ? undefined : FILES[request.url ?? '']
    response.writeHead(content === undefined ? 404 : 200, {'content-length': content?.length ?? 0})
    response.end(request.method === 'HEAD' ? '' : content)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    vanish: () => {
      gone = true
    },
    reappear: () => {
      gone = false
    },
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
