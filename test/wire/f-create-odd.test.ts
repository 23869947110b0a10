/** Section F of the recorded exchanges: Adding an image in odd and wrong ways. */
import {witness} from './witness.js'

witness(
  'F. Adding an image in odd and wrong ways',
  `
image 1
> POST /v1/images
> *id: #1 | *name: alpha | *is_public: True | *disk_format: raw | *container_format: bare | *min_disk: 0
> *min_ram: 0 | *protected: False | *owner: someone | *property-distro: ubuntu | *property-arch: x86_64
> Content-Type: application/octet-stream
> (body) hello world
< 201

image 8
> POST /v1/images
> *id: #8 | *name: theta | *is_public: True | *disk_format: raw | *container_format: bare
> Content-Type: application/octet-stream
> (body) abcd
< 201

image 8 goes
> DELETE /v1/images/#8
< 200

F1 body but no Content-Type header
> POST /v1/images
> *id: #21 | *name: f | *disk_format: raw | *container_format: bare
> (body) abc
< 400
< (html) Content-Type must be application/octet-stream<br /><br />
= status=killed, size=0

F2 body with another Content-Type
> POST /v1/images
> *id: #22 | *name: f | *disk_format: raw | *container_format: bare | Content-Type: application/json
> (body) {}
< 400
< (html) Content-Type must be application/octet-stream<br /><br />
= status=killed, size=0

F3 Content-Length: 0 with the right Content-Type
> POST /v1/images
> *id: #23 | *name: f | *disk_format: raw | *container_format: bare
> Content-Type: application/octet-stream | Content-Length: 0
< 201 | location: http://{HOST}/v1/images/#23
< (image) {"id":"#23","name":"f","status":"queued","size":0,"disk_format":"raw","container_format":"bare"}
= status=queued, size=0

F4 chunked body of zero bytes
> POST /v1/images
> *id: #24 | *name: f | *disk_format: raw | *container_format: bare
> Content-Type: application/octet-stream
> (chunked)
< 201 | location: http://{HOST}/v1/images/#24 | etag: d41d8cd98f00b204e9800998ecf8427e
< (image) {"id":"#24","name":"f","status":"active","size":0,"disk_format":"raw","container_format":"bare","checksum":"d41d8cd98f00b204e9800998ecf8427e"}
= status=active, size=0, checksum=d41d8cd98f00b204e9800998ecf8427e

F5 size too big (Content-Length body shorter than x-image-meta-size)
> POST /v1/images
> *id: #25 | *name: f | *size: 10 | *disk_format: raw | *container_format: bare
> Content-Type: application/octet-stream
> (body) abc
< 400
< (html) Supplied size (10) and size generated from uploaded image (3) did not match. Setting image status to &#x27;killed&#x27;.<br /><br />
= status=killed, size=10

F6 size too small
> POST /v1/images
> *id: #26 | *name: f | *size: 2 | *disk_format: raw | *container_format: bare
> Content-Type: application/octet-stream
> (body) abc
< 400
< (html) Supplied size (2) and size generated from uploaded image (3) did not match. Setting image status to &#x27;killed&#x27;.<br /><br />
= status=killed, size=2

F7 chunked, size too big
> POST /v1/images
> *id: #27 | *name: f | *size: 10 | *disk_format: raw | *container_format: bare
> Content-Type: application/octet-stream
> (chunked) abc
< 400
< (html) Supplied size (10) and size generated from uploaded image (3) did not match. Setting image status to &#x27;killed&#x27;.<br /><br />
= status=killed, size=10

F8 size 0 announced but a body sent
> POST /v1/images
> *id: #28 | *name: f | *size: 0 | *disk_format: raw | *container_format: bare
> Content-Type: application/octet-stream
> (body) abc
< 201 | location: http://{HOST}/v1/images/#28 | etag: 900150983cd24fb0d6963f7d28e17f72
< (image) {"id":"#28","name":"f","status":"active","size":3,"disk_format":"raw","container_format":"bare","checksum":"900150983cd24fb0d6963f7d28e17f72"}
= status=active, size=3, checksum=900150983cd24fb0d6963f7d28e17f72

F9 size is not a number
> POST /v1/images
> *id: #29 | *name: f | *size: abc | *disk_format: raw | *container_format: bare
> Content-Type: application/octet-stream
> (body) abc
< 400
< (html) Invalid value &#x27;abc&#x27; for parameter &#x27;size&#x27;: Cannot convert image size &#x27;abc&#x27; to an integer.<br /><br />
= none

F10 size negative
> POST /v1/images
> *id: #30 | *name: f | *size: -3 | *disk_format: raw | *container_format: bare
> Content-Type: application/octet-stream
> (body) abc
< 400
< (html) Invalid value &#x27;-3&#x27; for parameter &#x27;size&#x27;: Cannot be a negative value.<br /><br />
= none

F11 size header present but empty
> POST /v1/images
> *id: #31 | *name: f | *disk_format: raw | *container_format: bare | *size:
> Content-Type: application/octet-stream
> (body) abc
< 500
< (html) The server has either erred or is incapable of performing the requested operation.<br /><br />
= none

F12 wrong checksum
> POST /v1/images
> *id: #32 | *name: f | *checksum: 00000000000000000000000000000000 | *disk_format: raw
> *container_format: bare | Content-Type: application/octet-stream
> (body) abc
< 400
< (html) Supplied checksum (00000000000000000000000000000000) and checksum generated from uploaded image (900150983cd24fb0d6963f7d28e17f72) did not match. Setting image status to &#x27;killed&#x27;.<br /><br />
= status=killed, size=0, checksum=00000000000000000000000000000000

F13 right checksum in capitals
> POST /v1/images
> *id: #33 | *name: f | *checksum: 900150983CD24FB0D6963F7D28E17F72 | *disk_format: raw
> *container_format: bare | Content-Type: application/octet-stream
> (body) abc
< 400
< (html) Supplied checksum (900150983CD24FB0D6963F7D28E17F72) and checksum generated from uploaded image (900150983cd24fb0d6963f7d28e17f72) did not match. Setting image status to &#x27;killed&#x27;.<br /><br />
= status=killed, size=0, checksum=900150983CD24FB0D6963F7D28E17F72

F14 checksum longer than 32
> POST /v1/images
> *id: #34 | *name: f | *checksum: 0000000000000000000000000000000000000000 | *disk_format: raw
> *container_format: bare | Content-Type: application/octet-stream
> (body) abc
< 400
< (html) Invalid checksum &#x27;0000000000000000000000000000000000000000&#x27;: can&#x27;t exceed 32 characters<br /><br />
= none

F15 announced checksum, reservation without body (stored as given)
> POST /v1/images
> *id: #35 | *name: f | *checksum: feed | *disk_format: raw | *container_format: bare
< 201 | location: http://{HOST}/v1/images/#35 | etag: feed
< (image) {"id":"#35","name":"f","status":"queued","size":0,"disk_format":"raw","container_format":"bare","checksum":"feed"}
= status=queued, size=0, checksum=feed

F16 duplicate id (of an image that exists)
> POST /v1/images
> *id: #1 | *name: dup | *disk_format: raw | *container_format: bare
> Content-Type: application/octet-stream
> (body) abc
< 409
< (html) An image with identifier #1 already exists<br /><br />

F17 duplicate id (of a deleted image)
> POST /v1/images
> *id: #8 | *name: dup | *disk_format: raw | *container_format: bare
> Content-Type: application/octet-stream
> (body) abc
< 409
< (html) An image with identifier #8 already exists<br /><br />

F18 id is no uuid
> POST /v1/images
> *id: 12345 | *name: f | *disk_format: raw | *container_format: bare
< 400
< (html) Failed to reserve image. Got error: 400 Bad Request Invalid image id format <br /><br />

F19 id: uuid without dashes
> POST /v1/images
> *id: aaaaaaaaaaaa4aaa8aaaaaaaaaaaaaaa | *name: f | *disk_format: raw | *container_format: bare
< 201 | location: http://{HOST}/v1/images/aaaaaaaaaaaa4aaa8aaaaaaaaaaaaaaa
< (image) {"id":"aaaaaaaaaaaa4aaa8aaaaaaaaaaaaaaa","name":"f","status":"queued","size":0,"disk_format":"raw","container_format":"bare"}

F20 id: uuid in capitals (kept as given)
> POST /v1/images
> *id: ABCDEF00-0000-4000-8000-000000000000 | *name: f | *disk_format: raw | *container_format: bare
< 201 | location: http://{HOST}/v1/images/ABCDEF00-0000-4000-8000-000000000000
< (image) {"id":"ABCDEF00-0000-4000-8000-000000000000","name":"f","status":"queued","size":0,"disk_format":"raw","container_format":"bare"}

F21 id header empty
> POST /v1/images
> *name: f | *id: | *disk_format: raw | *container_format: bare
< 201 | location: http://{HOST}/v1/images/{UUID}
< (image) {"id":"{UUID}","name":"f","status":"queued","size":0,"disk_format":"raw","container_format":"bare"}

F22 bad disk_format
> POST /v1/images
> *name: f | *disk_format: floppy | *container_format: bare
< 400
< (html) Invalid disk format &#x27;floppy&#x27; for image.<br /><br />

F23 bad container_format
> POST /v1/images
> *name: f | *disk_format: raw | *container_format: box
< 400
< (html) Invalid container format &#x27;box&#x27; for image.<br /><br />

F24 disk_format in capitals
> POST /v1/images
> *name: f | *disk_format: RAW | *container_format: bare
< 400
< (html) Invalid disk format &#x27;RAW&#x27; for image.<br /><br />

F25 disk_format header present but empty
> POST /v1/images
> *name: f | *container_format: bare | *disk_format:
< 400
< (html) Invalid disk format &#x27;None&#x27; for image.<br /><br />

F26 ami disk with bare container
> POST /v1/images
> *name: f | *disk_format: ami | *container_format: bare
< 400
< (html) Invalid mix of disk and container formats. When setting a disk or container format to one of &#x27;aki&#x27;, &#x27;ari&#x27;, or &#x27;ami&#x27;, the container and disk formats must match.<br /><br />

F27 only disk_format=aki: the other one follows
> POST /v1/images
> *name: f | *disk_format: aki
< 201 | location: http://{HOST}/v1/images/{UUID}
< (image) {"id":"{UUID}","name":"f","status":"queued","size":0,"disk_format":"aki","container_format":"aki"}

F28 body without disk_format
> POST /v1/images
> *id: #36 | *name: f | *container_format: bare | Content-Type: application/octet-stream
> (body) abc
< 400
< (html) Disk format is not specified.<br /><br />
= status=queued, size=0

F29 body without container_format
> POST /v1/images
> *id: #37 | *name: f | *disk_format: raw | Content-Type: application/octet-stream
> (body) abc
< 400
< (html) Container format is not specified.<br /><br />
= status=queued, size=0

F30 body without any format
> POST /v1/images
> *id: #38 | *name: f | Content-Type: application/octet-stream
> (body) abc
< 400
< (html) Disk format is not specified.<br /><br />
= status=queued, size=0

F31 no name
> POST /v1/images
> *id: #39 | *disk_format: raw | *container_format: bare | Content-Type: application/octet-stream
> (body) abc
< 201 | location: http://{HOST}/v1/images/#39 | etag: 900150983cd24fb0d6963f7d28e17f72
< (image) {"id":"#39","status":"active","size":3,"disk_format":"raw","container_format":"bare","checksum":"900150983cd24fb0d6963f7d28e17f72"}

F32 name of 255 characters
> POST /v1/images
> *name: nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn
> *disk_format: raw | *container_format: bare
< 201 | location: http://{HOST}/v1/images/{UUID}
< (image) {"id":"{UUID}","name":"nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn","status":"queued","size":0,"disk_format":"raw","container_format":"bare"}

F33 name of 256 characters
> POST /v1/images
> *name: nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn
> *disk_format: raw | *container_format: bare
< 400
< (html) Image name too long: 256<br /><br />

F34 unknown x-image-meta header
> POST /v1/images
> *name: f | *frobnicate: 1 | *disk_format: raw | *container_format: bare
< 400
< (html) The server could not comply with the request since it is either malformed or otherwise incorrect.<br /><br /> Bad header: x-image-meta-frobnicate

F35 x-image-meta-property header without a property name
> POST /v1/images
> *name: f | *disk_format: raw | *container_format: bare | *property-: v
< 201 | location: http://{HOST}/v1/images/{UUID}
< (image) {"id":"{UUID}","name":"f","status":"queued","size":0,"disk_format":"raw","container_format":"bare","properties":{"":"v"}}

F36 x-image-meta-property (no trailing dash at all)
> POST /v1/images
> *name: f | *disk_format: raw | *container_format: bare | *property: v
< 400
< (html) The server could not comply with the request since it is either malformed or otherwise incorrect.<br /><br /> Bad header: x-image-meta-property

F37 dashes instead of underscores in the header names
> POST /v1/images
> *name: f | *disk-format: raw | *container-format: bare | *is-public: true | *min-disk: 3
< 201 | location: http://{HOST}/v1/images/{UUID}
< (image) {"id":"{UUID}","name":"f","status":"queued","size":0,"disk_format":"raw","container_format":"bare","is_public":true,"min_disk":3}

F38 headers in capitals
> POST /v1/images
> X-IMAGE-META-NAME: f | X-IMAGE-META-DISK_FORMAT: raw | X-Image-Meta-Property-FooBar: Baz
< 201 | location: http://{HOST}/v1/images/{UUID}
< (image) {"id":"{UUID}","name":"f","status":"queued","size":0,"disk_format":"raw","properties":{"foobar":"Baz"}}

F38a is_public: 'True'
> POST /v1/images
> *is_public: True
< 201
< (image) {"id":"{UUID}","status":"queued","size":0,"is_public":true}

F38b is_public: 'true'
> POST /v1/images
> *is_public: true
< 201
< (image) {"id":"{UUID}","status":"queued","size":0,"is_public":true}

F38c is_public: 'TRUE'
> POST /v1/images
> *is_public: TRUE
< 201
< (image) {"id":"{UUID}","status":"queued","size":0,"is_public":true}

F38d is_public: '1'
> POST /v1/images
> *is_public: 1
< 201
< (image) {"id":"{UUID}","status":"queued","size":0,"is_public":true}

F38e is_public: 'yes'
> POST /v1/images
> *is_public: yes
< 201
< (image) {"id":"{UUID}","status":"queued","size":0,"is_public":true}

F38f is_public: 'y'
> POST /v1/images
> *is_public: y
< 201
< (image) {"id":"{UUID}","status":"queued","size":0,"is_public":true}

F38g is_public: 'on'
> POST /v1/images
> *is_public: on
< 201
< (image) {"id":"{UUID}","status":"queued","size":0,"is_public":true}

F38h is_public: 't'
> POST /v1/images
> *is_public: t
< 201
< (image) {"id":"{UUID}","status":"queued","size":0,"is_public":true}

F38i is_public: 'False'
> POST /v1/images
> *is_public: False
< 201
< (image) {"id":"{UUID}","status":"queued","size":0}

F38j is_public: '0'
> POST /v1/images
> *is_public: 0
< 201
< (image) {"id":"{UUID}","status":"queued","size":0}

F38k is_public: 'no'
> POST /v1/images
> *is_public: no
< 201
< (image) {"id":"{UUID}","status":"queued","size":0}

F38l is_public: 'maybe'
> POST /v1/images
> *is_public: maybe
< 201
< (image) {"id":"{UUID}","status":"queued","size":0}

F38m is_public: ' true '
> POST /v1/images
> *is_public:  true 
< 201
< (image) {"id":"{UUID}","status":"queued","size":0,"is_public":true}

F38n is_public: ''
> POST /v1/images
> *is_public: 
< 201
< (image) {"id":"{UUID}","status":"queued","size":0}

F39 min_disk not a number
> POST /v1/images
> *name: f | *min_disk: abc
< 400
< (html) Invalid value &#x27;abc&#x27; for parameter &#x27;min_disk&#x27;: Cannot convert image min_disk &#x27;abc&#x27; to an integer.<br /><br />

F40 min_ram negative
> POST /v1/images
> *name: f | *min_ram: -1
< 400
< (html) Invalid value &#x27;-1&#x27; for parameter &#x27;min_ram&#x27;: Cannot be a negative value.<br /><br />

F41 min_ram header present but empty
> POST /v1/images
> *name: f | *min_ram:
< 500
< (html) The server has either erred or is incapable of performing the requested operation.<br /><br />

F42 min_ram over 32 bit
> POST /v1/images
> *name: f | *min_ram: 99999999999
< 400
< (html) Failed to reserve image. Got error: 400 Bad Request The server could not comply with the request since it is either malformed or otherwise incorrect. Failed to add image metadata. Got error: &#x27;min_ram&#x27; value out of range, must not exceed 2147483647. <br /><br />

F43 status given (ignored on create)
> POST /v1/images
> *name: f | *status: active | *disk_format: raw | *container_format: bare
< 201 | location: http://{HOST}/v1/images/{UUID}
< (image) {"id":"{UUID}","name":"f","status":"queued","size":0,"disk_format":"raw","container_format":"bare"}

F44 status nonsense
> POST /v1/images
> *name: f | *status: nosuch | *disk_format: raw | *container_format: bare
< 201 | location: http://{HOST}/v1/images/{UUID}
< (image) {"id":"{UUID}","name":"f","status":"queued","size":0,"disk_format":"raw","container_format":"bare"}

F45 deleted given
> POST /v1/images
> *name: f | *deleted: True | *disk_format: raw | *container_format: bare
< 201 | location: http://{HOST}/v1/images/{UUID}
< (image) {"id":"{UUID}","name":"f","status":"queued","size":0,"disk_format":"raw","container_format":"bare","deleted":true}

F46 created_at given
> POST /v1/images
> *name: f | *created_at: 2010-01-02T03:04:05 | *disk_format: raw | *container_format: bare
< 500
< (html) The server has either erred or is incapable of performing the requested operation.<br /><br />

F47 created_at nonsense
> POST /v1/images
> *name: f | *created_at: yesterday | *disk_format: raw | *container_format: bare
< 400
< (html) Invalid time format for created_at.<br /><br />

F48 x-image-meta-store: bad
> POST /v1/images
> *name: f | *store: nosuch | *disk_format: raw | *container_format: bare
> Content-Type: application/octet-stream
> (body) abc
< 400
< (html) Required store nosuch is invalid<br /><br />

F49 x-image-meta-store: file
> POST /v1/images
> *name: f | *store: file | *disk_format: raw | *container_format: bare
> Content-Type: application/octet-stream
> (body) abc
< 201 | location: http://{HOST}/v1/images/{UUID} | etag: 900150983cd24fb0d6963f7d28e17f72
< (image) {"id":"{UUID}","name":"f","status":"active","size":3,"disk_format":"raw","container_format":"bare","checksum":"900150983cd24fb0d6963f7d28e17f72"}

F50 location file:
> POST /v1/images
> *name: f | *location: file:///var/lib/glance/images/x | *disk_format: raw | *container_format: bare
< 400
< (html) External sources are not supported: &#x27;file:///var/lib/glance/images/x&#x27;<br /><br />

F51 location filesystem:
> POST /v1/images
> *name: f | *location: filesystem:///var/lib/glance/images/x | *disk_format: raw
> *container_format: bare
< 400
< (html) External sources are not supported: &#x27;filesystem:///var/lib/glance/images/x&#x27;<br /><br />

F52 location swift: (no such store configured)
> POST /v1/images
> *name: f | *location: swift://u:p@h/c/o | *disk_format: raw | *container_format: bare
< 400
< (html) External sources are not supported: &#x27;swift://u:p@h/c/o&#x27;<br /><br />

F53 location ftp: (unknown scheme)
> POST /v1/images
> *name: f | *location: ftp://127.0.0.1/x | *disk_format: raw | *container_format: bare
< 400
< (html) External sources are not supported: &#x27;ftp://127.0.0.1/x&#x27;<br /><br />

F54 location without scheme
> POST /v1/images
> *name: f | *location: nonsense | *disk_format: raw | *container_format: bare
< 400
< (html) External sources are not supported: &#x27;nonsense&#x27;<br /><br />

F55 location http without host
> POST /v1/images
> *name: f | *location: http:// | *disk_format: raw | *container_format: bare
< 400
< (html) Invalid location http://<br /><br />

F56 location header empty
> POST /v1/images
> *name: f | *disk_format: raw | *container_format: bare | *location:
< 400
< (html) External source should not be empty<br /><br />

F57 location http, source answers 404
> POST /v1/images
> *id: #40 | *name: f | *location: http://{SOURCE}/nosuch | *disk_format: raw | *container_format: bare
< 404
< (html) HTTP datastore could not find image at URI.<br /><br />
= none

F58 location http, connection refused
> POST /v1/images
> *id: #41 | *name: f | *location: http://127.0.0.1:1/x | *disk_format: raw | *container_format: bare
< 400
< (html) The HTTP URL is invalid: HTTPConnectionPool(host=&#x27;127.0.0.1&#x27;, port=1): Max retries exceeded with url: /x (Caused by NewConnectionError(&#x27;&lt;urllib3.connection.HTTPConnection object at 0x...&gt;: Failed to establish a new connection: [Errno 111] ECONNREFUSED&#x27;))<br /><br />
= none

F59 location http with a wrong size
> POST /v1/images
> *id: #42 | *name: f | *size: 5 | *location: http://{SOURCE}/src.img | *disk_format: raw
> *container_format: bare
< 409
< (html) Provided image size must match the stored image size. (provided size: 5, stored size: 16)<br /><br />
= status=queued, size=5

F60 location http with a checksum (stored unchecked)
> POST /v1/images
> *id: #43 | *name: f | *checksum: 1 | *location: http://{SOURCE}/src.img | *disk_format: raw
> *container_format: bare
< 201 | location: http://{HOST}/v1/images/#43 | etag: 1
< (image) {"id":"#43","name":"f","status":"active","size":16,"disk_format":"raw","container_format":"bare","checksum":"1"}
= status=active, size=16, checksum=1

F61 location of an empty object
> POST /v1/images
> *id: #44 | *name: f | *location: http://{SOURCE}/empty.img | *disk_format: raw
> *container_format: bare
< 201 | location: http://{HOST}/v1/images/#44
< (image) {"id":"#44","name":"f","status":"active","size":0,"disk_format":"raw","container_format":"bare"}
= status=active, size=0

F62 location http without formats
> POST /v1/images
> *id: #45 | *name: f | *location: http://{SOURCE}/src.img
< 400
< (html) Disk format is not specified.<br /><br />
= status=queued, size=16

F63 location and a body
> POST /v1/images
> *id: #46 | *name: f | *location: http://{SOURCE}/src.img | *disk_format: raw | *container_format: bare
> Content-Type: application/octet-stream
> (body) abc
< 400
< (html) It&#x27;s invalid to provide multiple image sources.<br /><br />
= status=queued, size=16

F64 copy-from and a body
> POST /v1/images
> *id: #47 | *name: f | *disk_format: raw | *container_format: bare
> x-glance-api-copy-from: http://{SOURCE}/src.img | Content-Type: application/octet-stream
> (body) abc
< 400
< (html) It&#x27;s invalid to provide multiple image sources.<br /><br />
= status=queued, size=16

F65 copy-from and location
> POST /v1/images
> *id: #48 | *name: f | *location: http://{SOURCE}/src.img | *disk_format: raw | *container_format: bare
> x-glance-api-copy-from: http://{SOURCE}/src.img
< 400
< (html) It&#x27;s invalid to provide multiple image sources.<br /><br />
= status=queued, size=16

F66 copy-from file:
> POST /v1/images
> *id: #49 | *name: f | *disk_format: raw | *container_format: bare
> x-glance-api-copy-from: file:///var/lib/glance/images/x
< 400
< (html) External sources are not supported: &#x27;file:///var/lib/glance/images/x&#x27;<br /><br />
= none

F67 copy-from, source answers 404
> POST /v1/images
> *id: #50 | *name: f | *disk_format: raw | *container_format: bare
> x-glance-api-copy-from: http://{SOURCE}/nosuch
< 404
< (html) HTTP datastore could not find image at URI.<br /><br />
= none

F68 copy-from, connection refused
> POST /v1/images
> *id: #51 | *name: f | *disk_format: raw | *container_format: bare
> x-glance-api-copy-from: http://127.0.0.1:1/x
< 400
< (html) The HTTP URL is invalid: HTTPConnectionPool(host=&#x27;127.0.0.1&#x27;, port=1): Max retries exceeded with url: /x (Caused by NewConnectionError(&#x27;&lt;urllib3.connection.HTTPConnection object at 0x...&gt;: Failed to establish a new connection: [Errno 111] ECONNREFUSED&#x27;))<br /><br />
= none

F69 copy-from header empty
> POST /v1/images
> *id: #52 | *name: f | *disk_format: raw | *container_format: bare | x-glance-api-copy-from:
< 400
< (html) External source should not be empty<br /><br />
= none

F70 copy-from without formats (not checked before the copy)
> POST /v1/images
> *id: #53 | *name: f | x-glance-api-copy-from: http://{SOURCE}/src.img
< 201 | location: http://{HOST}/v1/images/#53
< (image) {"id":"#53","name":"f","status":"queued","size":16}
= status=active, size=16, checksum=4032af8d61035123906e58e067140cc5

F71 copy-from with a wrong size
> POST /v1/images
> *id: #54 | *name: f | *size: 5 | *disk_format: raw | *container_format: bare
> x-glance-api-copy-from: http://{SOURCE}/src.img
< 201 | location: http://{HOST}/v1/images/#54
< (image) {"id":"#54","name":"f","status":"queued","size":5,"disk_format":"raw","container_format":"bare"}
= status=active, size=16, checksum=4032af8d61035123906e58e067140cc5

F72 copy-from with a wrong checksum (asynchronous failure)
> POST /v1/images
> *id: #55 | *name: f | *checksum: 00000000000000000000000000000000 | *disk_format: raw
> *container_format: bare | x-glance-api-copy-from: http://{SOURCE}/src.img
< 201 | location: http://{HOST}/v1/images/#55 | etag: 00000000000000000000000000000000
< (image) {"id":"#55","name":"f","status":"queued","size":16,"disk_format":"raw","container_format":"bare","checksum":"00000000000000000000000000000000"}
= status=killed, size=16, checksum=00000000000000000000000000000000

F73 Expect: 100-continue
> POST /v1/images
> *id: #56 | *name: f | *disk_format: raw | *container_format: bare
> Content-Type: application/octet-stream | Expect: 100-continue
> (body) abc
< 201 | location: http://{HOST}/v1/images/#56 | etag: 900150983cd24fb0d6963f7d28e17f72
< (image) {"id":"#56","name":"f","status":"active","size":3,"disk_format":"raw","container_format":"bare","checksum":"900150983cd24fb0d6963f7d28e17f72"}
`,
)
