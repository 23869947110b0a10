/** Bodies, ids, formats and other fields in requests that create an image, as recorded (section F). */
import {replay} from './replay.js'
import {ALPHA, THETA} from './shorthand.js'

/** Values of a boolean, and how they are read. */
const BOOLEAN_VALUES: readonly (readonly [value: string, isTrue: boolean])[] = [
  ['True', true],
  ['true', true],
  ['TRUE', true],
  ['1', true],
  ['yes', true],
  ['y', true],
  ['on', true],
  ['t', true],
  ['False', false],
  ['0', false],
  ['no', false],
  ['maybe', false],
  [' true ', true],
  ['', false],
]

/** F38a to F38n. */
const BOOLEANS = BOOLEAN_VALUES.map(([value, isTrue], n) => {
  const field = isTrue ? ',"is_public":true' : ''
  return `F38${'abcdefghijklmn'[n]} is_public '${value}' is ${isTrue}
> POST /v1/images
> *is_public: ${value}
< 201
< (image) {"id":"{UUID}","status":"queued","size":0${field}}`
}).join('\n\n')

replay(
  'fields of a new image',
  `
${ALPHA}

${THETA}

F1 a body without a Content-Type is refused and leaves the image killed
> POST /v1/images
> *id: #21 | *name: f | *disk_format: raw | *container_format: bare
> (body) abc
< 400
< (html) Content-Type must be application/octet-stream<br /><br />
= status=killed, size=0

F2 a body with another Content-Type is refused and leaves the image killed
> POST /v1/images
> *id: #22 | *name: f | *disk_format: raw | *container_format: bare | Content-Type: application/json
> (body) {}
< 400
< (html) Content-Type must be application/octet-stream<br /><br />
= status=killed, size=0

F3 Content-Length: 0 counts as no body
> POST /v1/images
> *id: #23 | *name: f | *disk_format: raw | *container_format: bare
> Content-Type: application/octet-stream | Content-Length: 0
< 201 | location: http://{HOST}/v1/images/#23
< (image) {"id":"#23","name":"f","status":"queued","size":0,"disk_format":"raw","container_format":"bare"}
= status=queued, size=0

F4 an empty chunked body is an upload of 0 bytes and makes the image active
> POST /v1/images
> *id: #24 | *name: f | *disk_format: raw | *container_format: bare
> Content-Type: application/octet-stream
> (chunked)
< 201 | location: http://{HOST}/v1/images/#24 | etag: d41d8cd98f00b204e9800998ecf8427e
< (image) {"id":"#24","name":"f","status":"active","size":0,"disk_format":"raw","container_format":"bare","checksum":"d41d8cd98f00b204e9800998ecf8427e"}
= status=active, size=0, checksum=d41d8cd98f00b204e9800998ecf8427e

F5 a body shorter than the announced size is refused and leaves the image killed
> POST /v1/images
> *id: #25 | *name: f | *size: 10 | *disk_format: raw | *container_format: bare
> Content-Type: application/octet-stream
> (body) abc
< 400
< (html) Supplied size (10) and size generated from uploaded image (3) did not match. Setting image status to &#x27;killed&#x27;.<br /><br />
= status=killed, size=10

F6 a body longer than the announced size is refused and leaves the image killed
> POST /v1/images
> *id: #26 | *name: f | *size: 2 | *disk_format: raw | *container_format: bare
> Content-Type: application/octet-stream
> (body) abc
< 400
< (html) Supplied size (2) and size generated from uploaded image (3) did not match. Setting image status to &#x27;killed&#x27;.<br /><br />
= status=killed, size=2

F7 a chunked body shorter than the announced size is refused and leaves the image killed
> POST /v1/images
> *id: #27 | *name: f | *size: 10 | *disk_format: raw | *container_format: bare
> Content-Type: application/octet-stream
> (chunked) abc
< 400
< (html) Supplied size (10) and size generated from uploaded image (3) did not match. Setting image status to &#x27;killed&#x27;.<br /><br />
= status=killed, size=10

F8 an announced size of 0 is not compared with the body
> POST /v1/images
> *id: #28 | *name: f | *size: 0 | *disk_format: raw | *container_format: bare
> Content-Type: application/octet-stream
> (body) abc
< 201 | location: http://{HOST}/v1/images/#28 | etag: 900150983cd24fb0d6963f7d28e17f72
< (image) {"id":"#28","name":"f","status":"active","size":3,"disk_format":"raw","container_format":"bare","checksum":"900150983cd24fb0d6963f7d28e17f72"}
= status=active, size=3, checksum=900150983cd24fb0d6963f7d28e17f72

F9 a size that is not a number is refused before an image is made
> POST /v1/images
> *id: #29 | *name: f | *size: abc | *disk_format: raw | *container_format: bare
> Content-Type: application/octet-stream
> (body) abc
< 400
< (html) Invalid value &#x27;abc&#x27; for parameter &#x27;size&#x27;: Cannot convert image size &#x27;abc&#x27; to an integer.<br /><br />
= none

F10 a negative size is refused before an image is made
> POST /v1/images
> *id: #30 | *name: f | *size: -3 | *disk_format: raw | *container_format: bare
> Content-Type: application/octet-stream
> (body) abc
< 400
< (html) Invalid value &#x27;-3&#x27; for parameter &#x27;size&#x27;: Cannot be a negative value.<br /><br />
= none

F11 an empty size header fails with 500
> POST /v1/images
> *id: #31 | *name: f | *disk_format: raw | *container_format: bare | *size:
> Content-Type: application/octet-stream
> (body) abc
< 500
< (html) The server has either erred or is incapable of performing the requested operation.<br /><br />
= none

F12 data with another checksum is refused and leaves the image killed
> POST /v1/images
> *id: #32 | *name: f | *checksum: 00000000000000000000000000000000 | *disk_format: raw
> *container_format: bare | Content-Type: application/octet-stream
> (body) abc
< 400
< (html) Supplied checksum (00000000000000000000000000000000) and checksum generated from uploaded image (900150983cd24fb0d6963f7d28e17f72) did not match. Setting image status to &#x27;killed&#x27;.<br /><br />
= status=killed, size=0, checksum=00000000000000000000000000000000

F13 a checksum in capitals does not match the digest in lower case
> POST /v1/images
> *id: #33 | *name: f | *checksum: 900150983CD24FB0D6963F7D28E17F72 | *disk_format: raw
> *container_format: bare | Content-Type: application/octet-stream
> (body) abc
< 400
< (html) Supplied checksum (900150983CD24FB0D6963F7D28E17F72) and checksum generated from uploaded image (900150983cd24fb0d6963f7d28e17f72) did not match. Setting image status to &#x27;killed&#x27;.<br /><br />
= status=killed, size=0, checksum=900150983CD24FB0D6963F7D28E17F72

F14 a checksum of more than 32 characters is refused before an image is made
> POST /v1/images
> *id: #34 | *name: f | *checksum: 0000000000000000000000000000000000000000 | *disk_format: raw
> *container_format: bare | Content-Type: application/octet-stream
> (body) abc
< 400
< (html) Invalid checksum &#x27;0000000000000000000000000000000000000000&#x27;: can&#x27;t exceed 32 characters<br /><br />
= none

F15 a checksum without a body is stored unchecked
> POST /v1/images
> *id: #35 | *name: f | *checksum: feed | *disk_format: raw | *container_format: bare
< 201 | location: http://{HOST}/v1/images/#35 | etag: feed
< (image) {"id":"#35","name":"f","status":"queued","size":0,"disk_format":"raw","container_format":"bare","checksum":"feed"}
= status=queued, size=0, checksum=feed

F16 the id of an existing image is refused with 409
> POST /v1/images
> *id: #1 | *name: dup | *disk_format: raw | *container_format: bare
> Content-Type: application/octet-stream
> (body) abc
< 409
< (html) An image with identifier #1 already exists<br /><br />

F17 the id of a deleted image is refused with 409
> POST /v1/images
> *id: #8 | *name: dup | *disk_format: raw | *container_format: bare
> Content-Type: application/octet-stream
> (body) abc
< 409
< (html) An image with identifier #8 already exists<br /><br />

F18 an id that is not a UUID is refused by the registry
> POST /v1/images
> *id: 12345 | *name: f | *disk_format: raw | *container_format: bare
< 400
< (html) Failed to reserve image. Got error: 400 Bad Request Invalid image id format <br /><br />

F19 an id may be a UUID without dashes
> POST /v1/images
> *id: aaaaaaaaaaaa4aaa8aaaaaaaaaaaaaaa | *name: f | *disk_format: raw | *container_format: bare
< 201 | location: http://{HOST}/v1/images/aaaaaaaaaaaa4aaa8aaaaaaaaaaaaaaa
< (image) {"id":"aaaaaaaaaaaa4aaa8aaaaaaaaaaaaaaa","name":"f","status":"queued","size":0,"disk_format":"raw","container_format":"bare"}

F20 an id may be a UUID in capitals and is stored as given
> POST /v1/images
> *id: ABCDEF00-0000-4000-8000-000000000000 | *name: f | *disk_format: raw | *container_format: bare
< 201 | location: http://{HOST}/v1/images/ABCDEF00-0000-4000-8000-000000000000
< (image) {"id":"ABCDEF00-0000-4000-8000-000000000000","name":"f","status":"queued","size":0,"disk_format":"raw","container_format":"bare"}

F21 an empty id counts as none
> POST /v1/images
> *name: f | *id: | *disk_format: raw | *container_format: bare
< 201 | location: http://{HOST}/v1/images/{UUID}
< (image) {"id":"{UUID}","name":"f","status":"queued","size":0,"disk_format":"raw","container_format":"bare"}

F22 an unknown disk_format is refused
> POST /v1/images
> *name: f | *disk_format: floppy | *container_format: bare
< 400
< (html) Invalid disk format &#x27;floppy&#x27; for image.<br /><br />

F23 an unknown container_format is refused
> POST /v1/images
> *name: f | *disk_format: raw | *container_format: box
< 400
< (html) Invalid container format &#x27;box&#x27; for image.<br /><br />

F24 a disk_format in capitals is refused
> POST /v1/images
> *name: f | *disk_format: RAW | *container_format: bare
< 400
< (html) Invalid disk format &#x27;RAW&#x27; for image.<br /><br />

F25 an empty disk_format is refused
> POST /v1/images
> *name: f | *container_format: bare | *disk_format:
< 400
< (html) Invalid disk format &#x27;None&#x27; for image.<br /><br />

F26 the disk_format ami with another container_format is refused
> POST /v1/images
> *name: f | *disk_format: ami | *container_format: bare
< 400
< (html) Invalid mix of disk and container formats. When setting a disk or container format to one of &#x27;aki&#x27;, &#x27;ari&#x27;, or &#x27;ami&#x27;, the container and disk formats must match.<br /><br />

F27 the disk_format aki alone implies the same container_format
> POST /v1/images
> *name: f | *disk_format: aki
< 201 | location: http://{HOST}/v1/images/{UUID}
< (image) {"id":"{UUID}","name":"f","status":"queued","size":0,"disk_format":"aki","container_format":"aki"}

F28 a body without a disk_format is refused and leaves the image queued
> POST /v1/images
> *id: #36 | *name: f | *container_format: bare | Content-Type: application/octet-stream
> (body) abc
< 400
< (html) Disk format is not specified.<br /><br />
= status=queued, size=0

F29 a body without a container_format is refused and leaves the image queued
> POST /v1/images
> *id: #37 | *name: f | *disk_format: raw | Content-Type: application/octet-stream
> (body) abc
< 400
< (html) Container format is not specified.<br /><br />
= status=queued, size=0

F30 a body without any format is refused and leaves the image queued
> POST /v1/images
> *id: #38 | *name: f | Content-Type: application/octet-stream
> (body) abc
< 400
< (html) Disk format is not specified.<br /><br />
= status=queued, size=0

F31 an image needs no name
> POST /v1/images
> *id: #39 | *disk_format: raw | *container_format: bare | Content-Type: application/octet-stream
> (body) abc
< 201 | location: http://{HOST}/v1/images/#39 | etag: 900150983cd24fb0d6963f7d28e17f72
< (image) {"id":"#39","status":"active","size":3,"disk_format":"raw","container_format":"bare","checksum":"900150983cd24fb0d6963f7d28e17f72"}

F32 a name may have 255 characters
> POST /v1/images
> *name: (255 times n)
> *disk_format: raw | *container_format: bare
< 201 | location: http://{HOST}/v1/images/{UUID}
< (image) {"id":"{UUID}","name":"(255 times n)","status":"queued","size":0,"disk_format":"raw","container_format":"bare"}

F33 a name of 256 characters is refused
> POST /v1/images
> *name: (256 times n)
> *disk_format: raw | *container_format: bare
< 400
< (html) Image name too long: 256<br /><br />

F34 an unknown x-image-meta header is refused
> POST /v1/images
> *name: f | *frobnicate: 1 | *disk_format: raw | *container_format: bare
< 400
< (html) The server could not comply with the request since it is either malformed or otherwise incorrect.<br /><br /> Bad header: x-image-meta-frobnicate

F35 a property with an empty name is accepted
> POST /v1/images
> *name: f | *disk_format: raw | *container_format: bare | *property-: v
< 201 | location: http://{HOST}/v1/images/{UUID}
< (image) {"id":"{UUID}","name":"f","status":"queued","size":0,"disk_format":"raw","container_format":"bare","properties":{"":"v"}}

F36 x-image-meta-property without a dash at the end is refused as an unknown header
> POST /v1/images
> *name: f | *disk_format: raw | *container_format: bare | *property: v
< 400
< (html) The server could not comply with the request since it is either malformed or otherwise incorrect.<br /><br /> Bad header: x-image-meta-property

F37 dashes and underscores in header names are the same
> POST /v1/images
> *name: f | *disk-format: raw | *container-format: bare | *is-public: true | *min-disk: 3
< 201 | location: http://{HOST}/v1/images/{UUID}
< (image) {"id":"{UUID}","name":"f","status":"queued","size":0,"disk_format":"raw","container_format":"bare","is_public":true,"min_disk":3}

F38 the case of header names does not matter, and property names become lower case
> POST /v1/images
> X-IMAGE-META-NAME: f | X-IMAGE-META-DISK_FORMAT: raw | X-Image-Meta-Property-FooBar: Baz
< 201 | location: http://{HOST}/v1/images/{UUID}
< (image) {"id":"{UUID}","name":"f","status":"queued","size":0,"disk_format":"raw","properties":{"foobar":"Baz"}}

${BOOLEANS}

F39 a min_disk that is not a number is refused
> POST /v1/images
> *name: f | *min_disk: abc
< 400
< (html) Invalid value &#x27;abc&#x27; for parameter &#x27;min_disk&#x27;: Cannot convert image min_disk &#x27;abc&#x27; to an integer.<br /><br />

F40 a negative min_ram is refused
> POST /v1/images
> *name: f | *min_ram: -1
< 400
< (html) Invalid value &#x27;-1&#x27; for parameter &#x27;min_ram&#x27;: Cannot be a negative value.<br /><br />

F41 an empty min_ram header fails with 500
> POST /v1/images
> *name: f | *min_ram:
< 500
< (html) The server has either erred or is incapable of performing the requested operation.<br /><br />

F42 a min_ram above 2147483647 is refused by the registry
> POST /v1/images
> *name: f | *min_ram: 99999999999
< 400
< (html) Failed to reserve image. Got error: 400 Bad Request The server could not comply with the request since it is either malformed or otherwise incorrect. Failed to add image metadata. Got error: &#x27;min_ram&#x27; value out of range, must not exceed 2147483647. <br /><br />

F43 a given status is ignored by POST
> POST /v1/images
> *name: f | *status: active | *disk_format: raw | *container_format: bare
< 201 | location: http://{HOST}/v1/images/{UUID}
< (image) {"id":"{UUID}","name":"f","status":"queued","size":0,"disk_format":"raw","container_format":"bare"}

F44 an unknown status is ignored by POST
> POST /v1/images
> *name: f | *status: nosuch | *disk_format: raw | *container_format: bare
< 201 | location: http://{HOST}/v1/images/{UUID}
< (image) {"id":"{UUID}","name":"f","status":"queued","size":0,"disk_format":"raw","container_format":"bare"}

F45 a given deleted is stored by POST
> POST /v1/images
> *name: f | *deleted: True | *disk_format: raw | *container_format: bare
< 201 | location: http://{HOST}/v1/images/{UUID}
< (image) {"id":"{UUID}","name":"f","status":"queued","size":0,"disk_format":"raw","container_format":"bare","deleted":true}

F46 a given created_at makes POST fail with 500
> POST /v1/images
> *name: f | *created_at: 2010-01-02T03:04:05 | *disk_format: raw | *container_format: bare
< 500
< (html) The server has either erred or is incapable of performing the requested operation.<br /><br />

F47 a created_at that is not a time is refused
> POST /v1/images
> *name: f | *created_at: yesterday | *disk_format: raw | *container_format: bare
< 400
< (html) Invalid time format for created_at.<br /><br />

F48 an unknown store is refused
> POST /v1/images
> *name: f | *store: nosuch | *disk_format: raw | *container_format: bare
> Content-Type: application/octet-stream
> (body) abc
< 400
< (html) Required store nosuch is invalid<br /><br />

F49 the store file is accepted
> POST /v1/images
> *name: f | *store: file | *disk_format: raw | *container_format: bare
> Content-Type: application/octet-stream
> (body) abc
< 201 | location: http://{HOST}/v1/images/{UUID} | etag: 900150983cd24fb0d6963f7d28e17f72
< (image) {"id":"{UUID}","name":"f","status":"active","size":3,"disk_format":"raw","container_format":"bare","checksum":"900150983cd24fb0d6963f7d28e17f72"}

F73 Expect: 100-continue is answered before the body is sent
> POST /v1/images
> *id: #56 | *name: f | *disk_format: raw | *container_format: bare
> Content-Type: application/octet-stream | Expect: 100-continue
> (body) abc
< 201 | location: http://{HOST}/v1/images/#56 | etag: 900150983cd24fb0d6963f7d28e17f72
< (image) {"id":"#56","name":"f","status":"active","size":3,"disk_format":"raw","container_format":"bare","checksum":"900150983cd24fb0d6963f7d28e17f72"}
`,
)
