/** Shorthand for exchanges that the tables of API v1 repeat, in the language of exchanges.ts. */

/** A request that is refused. @param answer status and message, `404 Image not found` */
export function refuse(title: string, request: string, answer: string, headers = ''): string {
  const [, status, message] = /^(\d+) (.*)$/.exec(answer) ?? []
  const lines = [title, `> ${request}`, headers && `> ${headers}`, `< ${status}`, `< (html) ${message}`]
  return lines.filter(Boolean).join('\n')
}

/** A list, with the names of its images in order. */
export function expectNames(title: string, path: string, names: string): string {
  return `${title}\n> GET ${path}\n< 200\n< (names) ${names}`
}

/** Makes a public, queued image. @param more headers, ` | *protected: True` */
export function makeQueued(number: number, more = ''): string {
  return `image ${number}
> POST /v1/images
> *id: #${number} | *name: g | *is_public: True | *disk_format: raw | *container_format: bare${more}
< 201`
}

/** Makes a public, active image of 3 bytes. @param more headers, ` | *protected: True` */
export function makeActive(number: number, more = ''): string {
  return makeQueued(
    number,
    `${more}
> Content-Type: application/octet-stream
> (body) abc`,
  )
}

/** The document of an image that `makeActive` made. */
export const ACTIVE =
  '"status":"active","size":3,"disk_format":"raw","container_format":"bare",' +
  '"checksum":"900150983cd24fb0d6963f7d28e17f72","is_public":true'

export function deleteImage(number: number): string {
  return `image ${number} is deleted
> DELETE /v1/images/#${number}
< 200`
}

/** Image 1: public and active, with two properties. */
export const ALPHA = `alpha
> POST /v1/images
> *id: #1 | *name: alpha | *is_public: True | *disk_format: raw | *container_format: bare | *min_disk: 0
> *min_ram: 0 | *protected: False | *owner: someone | *property-distro: ubuntu | *property-arch: x86_64
> Content-Type: application/octet-stream
> (body) hello world
< 201`

/** Image 8: deleted. */
export const THETA = `theta
> POST /v1/images
> *id: #8 | *name: theta | *is_public: True | *disk_format: raw | *container_format: bare
> Content-Type: application/octet-stream
> (body) abcd
< 201

${deleteImage(8)}`

/** Images 1 to 7: all public except delta, all active except gamma. */
export const SAMPLES = `${ALPHA}

beta
> POST /v1/images
> *id: #2 | *name: beta | *is_public: True | *disk_format: qcow2 | *container_format: ovf | *min_disk: 10
> *min_ram: 512 | *property-distro: debian | Content-Type: application/octet-stream
> (chunked) abc
< 201

gamma, queued
> POST /v1/images
> *id: #3 | *name: gamma | *is_public: True | *disk_format: ami | *container_format: ami
< 201

delta, private
> POST /v1/images
> *id: #4 | *name: delta | *size: 5 | *checksum: 827ccb0eea8a706c4c34a16891f84e7b | *disk_format: raw
> *container_format: bare | Content-Type: application/octet-stream
> (body) 12345
< 201

epsilon, protected, at a location
> POST /v1/images
> *id: #5 | *name: epsilon | *is_public: True | *protected: True | *disk_format: vhd
> *container_format: ovf | *location: http://{SOURCE}/src.img
< 201

zeta, of size 0
> POST /v1/images
> *id: #6 | *name: zeta | *is_public: True | *disk_format: iso | *container_format: bare | *size: 0
< 201

eta, a copy
> POST /v1/images
> *id: #7 | *name: eta | *is_public: True | *disk_format: raw | *container_format: bare
> x-glance-api-copy-from: http://{SOURCE}/src.img
< 201
= status=active, size=16, checksum=4032af8d61035123906e58e067140cc5`
