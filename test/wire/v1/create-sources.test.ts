/** Locations and copies in requests that create an image, as recorded (section F). */
import {replay} from './replay.js'

replay(
  'locations and copies of a new image',
  `
F50 a location with the scheme file is refused
> POST /v1/images
> *name: f | *location: file:///var/lib/glance/images/x | *disk_format: raw | *container_format: bare
< 400
< (html) External sources are not supported: &#x27;file:///var/lib/glance/images/x&#x27;<br /><br />

F51 a location with the scheme filesystem is refused
> POST /v1/images
> *name: f | *location: filesystem:///var/lib/glance/images/x | *disk_format: raw
> *container_format: bare
< 400
< (html) External sources are not supported: &#x27;filesystem:///var/lib/glance/images/x&#x27;<br /><br />

F52 a location with the scheme of a store that is not configured is refused
> POST /v1/images
> *name: f | *location: swift://u:p@h/c/o | *disk_format: raw | *container_format: bare
< 400
< (html) External sources are not supported: &#x27;swift://u:p@h/c/o&#x27;<br /><br />

F53 a location with an unknown scheme is refused
> POST /v1/images
> *name: f | *location: ftp://127.0.0.1/x | *disk_format: raw | *container_format: bare
< 400
< (html) External sources are not supported: &#x27;ftp://127.0.0.1/x&#x27;<br /><br />

F54 a location that is not a URL is refused
> POST /v1/images
> *name: f | *location: nonsense | *disk_format: raw | *container_format: bare
< 400
< (html) External sources are not supported: &#x27;nonsense&#x27;<br /><br />

F55 a location without a host is refused
> POST /v1/images
> *name: f | *location: http:// | *disk_format: raw | *container_format: bare
< 400
< (html) Invalid location http://<br /><br />

F56 an empty location is refused
> POST /v1/images
> *name: f | *disk_format: raw | *container_format: bare | *location:
< 400
< (html) External source should not be empty<br /><br />

F57 a location whose server answers 404 is 404 and makes no image
> POST /v1/images
> *id: #40 | *name: f | *location: http://{SOURCE}/nosuch | *disk_format: raw | *container_format: bare
< 404
< (html) HTTP datastore could not find image at URI.<br /><br />
= none

F58 a location that refuses the connection is 400 and makes no image
> POST /v1/images
> *id: #41 | *name: f | *location: http://127.0.0.1:1/x | *disk_format: raw | *container_format: bare
< 400
< (html) The HTTP URL is invalid: HTTPConnectionPool(host=&#x27;127.0.0.1&#x27;, port=1): Max retries exceeded with url: /x (Caused by NewConnectionError(&#x27;&lt;urllib3.connection.HTTPConnection object at 0x...&gt;: Failed to establish a new connection: [Errno 111] ECONNREFUSED&#x27;))<br /><br />
= none

F59 a location with another size than announced is 409 and leaves the image queued
> POST /v1/images
> *id: #42 | *name: f | *size: 5 | *location: http://{SOURCE}/src.img | *disk_format: raw
> *container_format: bare
< 409
< (html) Provided image size must match the stored image size. (provided size: 5, stored size: 16)<br /><br />
= status=queued, size=5

F60 a checksum given with a location is stored unchecked
> POST /v1/images
> *id: #43 | *name: f | *checksum: 1 | *location: http://{SOURCE}/src.img | *disk_format: raw
> *container_format: bare
< 201 | location: http://{HOST}/v1/images/#43 | etag: 1
< (image) {"id":"#43","name":"f","status":"active","size":16,"disk_format":"raw","container_format":"bare","checksum":"1"}
= status=active, size=16, checksum=1

F61 a location of 0 bytes makes an active image of size 0
> POST /v1/images
> *id: #44 | *name: f | *location: http://{SOURCE}/empty.img | *disk_format: raw
> *container_format: bare
< 201 | location: http://{HOST}/v1/images/#44
< (image) {"id":"#44","name":"f","status":"active","size":0,"disk_format":"raw","container_format":"bare"}
= status=active, size=0

F62 a location without formats is refused and leaves the image queued
> POST /v1/images
> *id: #45 | *name: f | *location: http://{SOURCE}/src.img
< 400
< (html) Disk format is not specified.<br /><br />
= status=queued, size=16

F63 a location and a body exclude each other
> POST /v1/images
> *id: #46 | *name: f | *location: http://{SOURCE}/src.img | *disk_format: raw | *container_format: bare
> Content-Type: application/octet-stream
> (body) abc
< 400
< (html) It&#x27;s invalid to provide multiple image sources.<br /><br />
= status=queued, size=16

F64 copy-from and a body exclude each other
> POST /v1/images
> *id: #47 | *name: f | *disk_format: raw | *container_format: bare
> x-glance-api-copy-from: http://{SOURCE}/src.img | Content-Type: application/octet-stream
> (body) abc
< 400
< (html) It&#x27;s invalid to provide multiple image sources.<br /><br />
= status=queued, size=16

F65 copy-from and a location exclude each other
> POST /v1/images
> *id: #48 | *name: f | *location: http://{SOURCE}/src.img | *disk_format: raw | *container_format: bare
> x-glance-api-copy-from: http://{SOURCE}/src.img
< 400
< (html) It&#x27;s invalid to provide multiple image sources.<br /><br />
= status=queued, size=16

F66 copy-from with the scheme file is refused
> POST /v1/images
> *id: #49 | *name: f | *disk_format: raw | *container_format: bare
> x-glance-api-copy-from: file:///var/lib/glance/images/x
< 400
< (html) External sources are not supported: &#x27;file:///var/lib/glance/images/x&#x27;<br /><br />
= none

F67 copy-from of a URL that answers 404 is 404 and makes no image
> POST /v1/images
> *id: #50 | *name: f | *disk_format: raw | *container_format: bare
> x-glance-api-copy-from: http://{SOURCE}/nosuch
< 404
< (html) HTTP datastore could not find image at URI.<br /><br />
= none

F68 copy-from of a URL that refuses the connection is 400 and makes no image
> POST /v1/images
> *id: #51 | *name: f | *disk_format: raw | *container_format: bare
> x-glance-api-copy-from: http://127.0.0.1:1/x
< 400
< (html) The HTTP URL is invalid: HTTPConnectionPool(host=&#x27;127.0.0.1&#x27;, port=1): Max retries exceeded with url: /x (Caused by NewConnectionError(&#x27;&lt;urllib3.connection.HTTPConnection object at 0x...&gt;: Failed to establish a new connection: [Errno 111] ECONNREFUSED&#x27;))<br /><br />
= none

F69 an empty copy-from is refused
> POST /v1/images
> *id: #52 | *name: f | *disk_format: raw | *container_format: bare | x-glance-api-copy-from:
< 400
< (html) External source should not be empty<br /><br />
= none

F70 copy-from does not need formats
> POST /v1/images
> *id: #53 | *name: f | x-glance-api-copy-from: http://{SOURCE}/src.img
< 201 | location: http://{HOST}/v1/images/#53
< (image) {"id":"#53","name":"f","status":"queued","size":16}
= status=active, size=16, checksum=4032af8d61035123906e58e067140cc5

F71 copy-from replaces a wrong size by that of the data
> POST /v1/images
> *id: #54 | *name: f | *size: 5 | *disk_format: raw | *container_format: bare
> x-glance-api-copy-from: http://{SOURCE}/src.img
< 201 | location: http://{HOST}/v1/images/#54
< (image) {"id":"#54","name":"f","status":"queued","size":5,"disk_format":"raw","container_format":"bare"}
= status=active, size=16, checksum=4032af8d61035123906e58e067140cc5

F72 copy-from of data with another checksum leaves the image killed later
> POST /v1/images
> *id: #55 | *name: f | *checksum: 00000000000000000000000000000000 | *disk_format: raw
> *container_format: bare | x-glance-api-copy-from: http://{SOURCE}/src.img
< 201 | location: http://{HOST}/v1/images/#55 | etag: 00000000000000000000000000000000
< (image) {"id":"#55","name":"f","status":"queued","size":16,"disk_format":"raw","container_format":"bare","checksum":"00000000000000000000000000000000"}
= status=killed, size=16, checksum=00000000000000000000000000000000
`,
)
