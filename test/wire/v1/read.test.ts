/** HEAD and GET of an image, as recorded (section E). */
import {replay} from './replay.js'
import {SAMPLES} from './shorthand.js'

replay(
  'reading an image',
  `
${SAMPLES}

E1 HEAD gives the metadata of an image as headers
> HEAD /v1/images/#1
< 200 | etag: 5eb63bbbe01eeed093cb22bb8f5acdc3 | content-type: text/html; charset=UTF-8
< (meta) {"status":"active","disk_format":"raw","name":"alpha","owner":"someone","container_format":"bare","size":"11","is_public":"True","id":"#1","checksum":"5eb63bbbe01eeed093cb22bb8f5acdc3","property-distro":"ubuntu","property-arch":"x86_64"}
< (empty)

E2 GET gives the same headers and the data
> GET /v1/images/#1
< 200 | etag: 5eb63bbbe01eeed093cb22bb8f5acdc3 | content-type: application/octet-stream
< (meta) {"status":"active","disk_format":"raw","name":"alpha","owner":"someone","container_format":"bare","size":"11","is_public":"True","id":"#1","checksum":"5eb63bbbe01eeed093cb22bb8f5acdc3","property-distro":"ubuntu","property-arch":"x86_64"}
< (data) hello world

E3 HEAD of a queued image leaves out the headers of null values
> HEAD /v1/images/#3
< 200 | content-type: text/html; charset=UTF-8
< (meta) {"status":"queued","disk_format":"ami","name":"gamma","container_format":"ami","size":"0","is_public":"True","id":"#3"}
< (empty)

E4 GET of a queued image is 404
> GET /v1/images/#3
< 404
< (html) The resource could not be found.<br /><br /> Image #3 is not active

E5 GET of an active image of size 0 has an empty body
> GET /v1/images/#6
< 200 | content-type: application/octet-stream
< (meta) {"status":"active","disk_format":"iso","name":"zeta","container_format":"bare","size":"0","is_public":"True","id":"#6"}
< (empty)

E6 HEAD of an image at a location does not show the location
> HEAD /v1/images/#5
< 200 | content-type: text/html; charset=UTF-8
< (meta) {"status":"active","protected":"True","disk_format":"vhd","name":"epsilon","container_format":"ovf","size":"16","is_public":"True","id":"#5"}
< (empty)

E7 GET of an image at a location forwards the remote data
> GET /v1/images/#5
< 200 | content-type: application/octet-stream
< (meta) {"status":"active","protected":"True","disk_format":"vhd","name":"epsilon","container_format":"ovf","size":"16","is_public":"True","id":"#5"}
< (data) 0123456789abcdef

E8 HEAD of an unknown image is 404 without a message
> HEAD /v1/images/#99999999
< 404 | content-type: text/plain; charset=UTF-8
< (empty)

E9 GET of an unknown image is 404 and names the id
> GET /v1/images/#99999999
< 404
< (html) The resource could not be found.<br /><br /> Image with identifier #99999999 not found

E10 GET of an id that is not a UUID is 404
> GET /v1/images/12345
< 404
< (html) The resource could not be found.<br /><br /> Image with identifier 12345 not found

E11 an escaped slash in an id matches no route
> GET /v1/images/a%20b%2Fc
< 404
< (html) The resource could not be found.<br /><br />

E12 GET ignores Range
> GET /v1/images/#1
> Range: bytes=0-3
< 200 | etag: 5eb63bbbe01eeed093cb22bb8f5acdc3 | content-type: application/octet-stream
< (meta) {"status":"active","disk_format":"raw","name":"alpha","owner":"someone","container_format":"bare","size":"11","is_public":"True","id":"#1","checksum":"5eb63bbbe01eeed093cb22bb8f5acdc3","property-distro":"ubuntu","property-arch":"x86_64"}
< (data) hello world

E13 GET ignores If-None-Match
> GET /v1/images/#1
> If-None-Match: 5eb63bbbe01eeed093cb22bb8f5acdc3
< 200 | etag: 5eb63bbbe01eeed093cb22bb8f5acdc3 | content-type: application/octet-stream
< (meta) {"status":"active","disk_format":"raw","name":"alpha","owner":"someone","container_format":"bare","size":"11","is_public":"True","id":"#1","checksum":"5eb63bbbe01eeed093cb22bb8f5acdc3","property-distro":"ubuntu","property-arch":"x86_64"}
< (data) hello world

E14 GET works over HTTP/1.0
> GET /v1/images/#1
> (http/1.0)
< 200 | etag: 5eb63bbbe01eeed093cb22bb8f5acdc3 | content-type: application/octet-stream
< (meta) {"status":"active","disk_format":"raw","name":"alpha","owner":"someone","container_format":"bare","size":"11","is_public":"True","id":"#1","checksum":"5eb63bbbe01eeed093cb22bb8f5acdc3","property-distro":"ubuntu","property-arch":"x86_64"}
< (data) hello world

E15 ids are case-sensitive
> HEAD /v1/images/ABCDEF00-0000-4000-8000-000000000000
< 404 | content-type: text/plain; charset=UTF-8
< (empty)

E16 GET of an image at a location is 404 when the remote data is gone
! vanish
> GET /v1/images/#5
< 404
< (html) HTTP datastore could not find image at URI.<br /><br />
`,
)
